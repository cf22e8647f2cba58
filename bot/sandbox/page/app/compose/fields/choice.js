import { h } from "../../dom.js";
import { fitting } from "./candidates.js";

/** One of a list: choices, true or false, people, roles, channels; typing searches it. */
export class ChoiceControl {
  #list;
  #label;
  #items;
  #chosen = null;
  #onchoose;

  /** `items()` makes the present list, because members and channels come and go. */
  constructor(items, { attributes, label, list, onchoose }) {
    this.#items = items;
    this.#label = label;
    this.#list = list;
    this.#onchoose = onchoose;
    this.input = h("input", {
      ...attributes,
      type: "text",
      class: "option-input",
      role: "combobox",
      autocomplete: "off",
      spellcheck: "false",
      placeholder: "Choose…",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": list.id,
      oninput: () => this.#typed(),
      onclick: () => this.open(),
    });
    this.element = this.input;
  }

  get blank() {
    return this.input.value === "";
  }

  get text() {
    return this.input.value.trim();
  }

  read() {
    if (this.text === "") return {};
    const item = this.#chosen ?? this.#named(this.text);
    return item ? { value: item.value } : { problem: "Choose one of the list." };
  }

  write(text) {
    this.input.value = text;
    this.#chosen = this.#named(text.trim());
    if (this.#chosen) this.input.value = this.#chosen.name;
  }

  /** The focus came: an answer that stands needs no list. */
  enter() {
    if (!this.#chosen) this.open();
  }

  /** Show the list, whole when an answer stands. */
  open() {
    const typed = this.#chosen ? "" : this.text;
    const items = fitting(this.#items(), typed);
    const active = Math.max(
      0,
      items.findIndex((item) => item.value === this.#chosen?.value),
    );
    this.#list.show(this.input, {
      label: this.#label,
      items,
      active,
      note: items.length > 0 ? "" : "Nothing fits",
      onchoose: (item) => this.#choose(item),
    });
  }

  leave() {
    this.#list.closeFor(this.input);
    if (!this.#chosen) this.write(this.input.value);
  }

  key(event) {
    const open = this.#list.owner === this.input;
    // Passing through with Tab chooses nothing; it does when something was typed or arrowed to.
    if (open && event.key === "Tab" && !event.shiftKey && this.#list.active && (this.text !== "" || this.#list.moved))
      this.#take(this.#list.active);
    if (!open && event.key === "ArrowDown") {
      event.preventDefault();
      this.open();
      return true;
    }
    return this.#list.key(event);
  }

  #typed() {
    this.#chosen = null;
    this.open();
  }

  #choose(item) {
    this.#take(item);
    this.#onchoose();
  }

  #take(item) {
    this.#chosen = item;
    this.input.value = item.name;
    this.#list.close();
  }

  #named(text) {
    const wanted = text.replace(/^[@#]/, "").toLocaleLowerCase();
    const items = this.#items();
    return (
      items.find(
        (item) =>
          item.name.toLocaleLowerCase() === wanted || item.name.toLocaleLowerCase() === text.toLocaleLowerCase(),
      ) ??
      items.find((item) => String(item.value).toLocaleLowerCase() === wanted) ??
      null
    );
  }
}
