import { fill, h, icon } from "../dom.js";
import { emojiElement } from "./button.js";
import { Listbox } from "./listbox.js";
import { Popover } from "./popover.js";

/**
 * A button that opens a list to choose from. `choices()` is asked at each opening; `onclose(values, changed)` says
 * what is chosen.
 */
export class Select {
  #choices;
  #values;
  #bounds;
  #placeholder;
  #label;
  #onclose;
  #popover = null;

  constructor({ choices, values, bounds, placeholder, label, onclose = () => {}, props = {} }) {
    [this.#choices, this.#values, this.#bounds, this.#onclose] = [choices, values, bounds, onclose];
    [this.#placeholder, this.#label] = [placeholder, label];
    const aria = { role: "combobox", "aria-haspopup": "listbox", "aria-expanded": "false", "aria-label": label };
    this.element = h("button", {
      type: "button",
      class: "input select",
      ...aria,
      onclick: () => this.#toggle(),
      onkeydown: (event) => this.#key(event),
      ...props,
    });
    this.#draw();
  }

  get values() {
    return this.#values;
  }

  /** Take what an edit changed; an open list stays open with what it showed. */
  update({ values, bounds, placeholder }) {
    [this.#values, this.#bounds, this.#placeholder] = [values, bounds, placeholder];
    this.#draw();
  }

  #key(event) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    if (!this.#popover) this.#toggle();
  }

  #toggle() {
    if (this.#popover) {
      this.#popover.close();
      return;
    }
    if (this.element.getAttribute("aria-disabled") === "true") return;
    const before = this.#values;
    const { least, most } = this.#bounds;
    const hint = h("p", { class: "listbox-hint", role: "status" }, hintOf(this.#bounds));
    const done = () => this.#popover.close();
    const list = new Listbox({
      label: this.#label,
      choices: this.#choices(),
      selected: before,
      least,
      most,
      ondone: done,
      onchange: (values) => this.#choose(values),
    });
    const onclose = () => {
      this.#popover = null;
      this.element.removeAttribute("aria-controls");
      if (this.#values.length < least) this.#choose(before);
      this.#onclose(this.#values, !same(before, this.#values));
    };
    const finish = most > 1 && h("button", { type: "button", class: "button primary", onclick: done }, "Done");
    const foot = (hint.textContent || finish) && h("div", { class: "listbox-foot" }, hint, finish);
    this.#popover = new Popover(this.element, [list.element, foot], { class: "select-popover", onclose });
    this.element.setAttribute("aria-controls", list.id);
    list.focus();
  }

  #choose(values) {
    this.#values = values;
    this.#draw();
  }

  #draw() {
    const known = new Map(this.#choices().map((choice) => [choice.value, choice]));
    const chosen = this.#values.map((value) => known.get(value)).filter(Boolean);
    const words = chosen.length
      ? chosen.map(({ label, emoji }) =>
          h(
            "span",
            { class: this.#bounds.most > 1 ? "select-chip" : "select-one" },
            emoji && emojiElement(emoji),
            h("bdi", {}, label),
          ),
        )
      : h("span", { class: "select-placeholder" }, this.#placeholder || "Make a selection");
    fill(this.element, h("span", { class: "select-words" }, words), icon("chevron"));
    // What is chosen is part of the name: a combobox that is a button has no value of its own.
    const says = chosen.map(({ label }) => label).join(", ");
    this.element.setAttribute("aria-label", says ? `${this.#label}: ${says}` : this.#label);
  }
}

function hintOf({ least, most }) {
  if (most === 1) return "";
  if (least === most) return `Choose ${most}`;
  return least > 0 ? `Choose ${least} to ${most}` : `Choose up to ${most}`;
}

function same(one, other) {
  return one.length === other.length && one.every((value) => other.includes(value));
}
