import { boundsOf, choicesOf, chosenBefore } from "./choices.js";
import { Select } from "./select.js";

/** A select of any kind in a modal. */
export class SelectInput {
  grouped = false;
  onedit = () => {};
  #select;
  #bounds;

  constructor(component, { ctx, label }) {
    const { least, most } = boundsOf(component);
    this.required = component.required !== false && least > 0;
    this.#bounds = { least, most };
    this.#select = new Select({
      choices: () => choicesOf(component, ctx),
      values: chosenBefore(component),
      // In a modal the choice is checked when it is sent, so that it can be taken back.
      bounds: { least: this.required && most === 1 ? 1 : 0, most },
      placeholder: component.placeholder,
      label,
      onclose: () => this.onedit(),
    });
    this.control = this.element = this.#select.element;
  }

  value() {
    return this.#select.values;
  }

  problem() {
    const { length } = this.#select.values;
    if (length === 0 && !this.required) return null;
    if (length >= this.#bounds.least) return null;
    return this.#bounds.least === 1 ? "Choose something." : `Choose at least ${this.#bounds.least}.`;
  }
}
