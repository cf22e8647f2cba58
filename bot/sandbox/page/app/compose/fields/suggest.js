import { h } from "../../dom.js";
import { read } from "../option_value.js";
import { Suggestions } from "../suggestions.js";

/** A text or number with suggestions from the bot; what is typed freely counts too. */
export class SuggestControl {
  #option;
  #list;
  #label;
  #suggestions;
  #picked = null;
  #onchoose;

  constructor(option, { attributes, label, list, onchoose, ask }) {
    this.#option = option;
    this.#list = list;
    this.#label = label;
    this.#onchoose = onchoose;
    this.#suggestions = new Suggestions(ask);
    this.input = h("input", {
      ...attributes,
      type: "text",
      class: "option-input wide",
      role: "combobox",
      autocomplete: "off",
      spellcheck: "false",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": list.id,
      oninput: () => this.#typed(),
      onclick: () => this.enter(),
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
    return this.#picked ? { value: this.#picked.value } : read(this.#option, this.input.value);
  }

  write(text) {
    this.#picked = null;
    this.input.value = text;
  }

  enter() {
    if (!this.#picked && this.#list.owner !== this.input) this.open();
  }

  open() {
    this.#show([], "Loading…");
    this.#suggestions.want(this.#picked ? "" : this.input.value, (choices) => this.#answered(choices));
  }

  leave() {
    this.#suggestions.forget();
    this.#list.closeFor(this.input);
  }

  key(event) {
    const open = this.#list.owner === this.input;
    if (open && event.key === "Tab" && !event.shiftKey && this.#list.active && (this.text !== "" || this.#list.moved))
      this.#take(this.#list.active);
    if (!open && event.key === "ArrowDown") {
      event.preventDefault();
      this.open();
      return true;
    }
    const taken = this.#list.key(event);
    if (taken && event.key === "Escape") this.#suggestions.forget();
    return taken;
  }

  #typed() {
    this.#picked = null;
    this.open();
  }

  #answered(choices) {
    if (choices === null) this.#show([], "Suggestions could not be loaded");
    else
      this.#show(
        choices.map(({ name, value }) => ({ name, value })),
        choices.length > 0 ? "" : "No suggestions",
      );
  }

  #show(items, note) {
    const onchoose = (item) => {
      this.#take(item);
      this.#onchoose();
    };
    this.#list.show(this.input, { label: this.#label, items, note, onchoose });
  }

  #take(item) {
    this.#picked = item;
    this.input.value = item.name;
    this.#suggestions.forget();
    this.#list.close();
  }
}
