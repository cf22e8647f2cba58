import { read } from "../option_value.js";
import { Suggestions } from "../suggestions.js";
import { ComboBox } from "./combo_box.js";

/** A text or number with suggestions from the bot; what is typed freely counts too. */
export class SuggestControl extends ComboBox {
  #option;
  #suggestions;
  #picked = null;

  constructor(option, { ask, ...setting }) {
    super(setting, { wide: true });
    this.#option = option;
    this.#suggestions = new Suggestions(ask);
  }

  read() {
    return this.#picked ? { value: this.#picked.value } : read(this.#option, this.input.value);
  }

  write(text) {
    this.#picked = null;
    this.input.value = text;
  }

  enter() {
    if (!this.#picked && !this.isOpen) this.open();
  }

  open() {
    this.#show([], "Loading…");
    this.#suggestions.want(this.#picked ? "" : this.input.value, (choices) => this.#answered(choices));
  }

  leave() {
    this.#suggestions.forget();
    this.list.closeFor(this.input);
  }

  key(event) {
    const taken = super.key(event);
    if (taken && event.key === "Escape") this.#suggestions.forget();
    return taken;
  }

  clicked() {
    this.enter();
  }

  typed() {
    this.#picked = null;
    this.open();
  }

  take(item) {
    this.#picked = item;
    this.input.value = item.name;
    this.#suggestions.forget();
    this.list.close();
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
    this.list.show(this.input, { label: this.label, items, note, onchoose: (item) => this.choose(item) });
  }
}
