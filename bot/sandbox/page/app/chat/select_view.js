import { h } from "../dom.js";
import { signature } from "./address.js";
import { boundsOf, choicesOf, chosenBefore } from "./choices.js";
import { Select } from "./select.js";

/** A select of a message: what is chosen goes to the bot when its list closes. */
export class SelectView {
  #component;
  #select;
  #preset;

  constructor(component, { ctx, use }) {
    this.#component = component;
    this.#preset = signature(chosenBefore(component));
    this.#select = new Select({
      ...this.#facts(),
      values: chosenBefore(component),
      choices: () => choicesOf(this.#component, ctx),
      label: component.placeholder || "Make a selection",
      onclose: (values, changed) => changed && use(this.#component, values, this.#select.element),
      props: { "data-acts": "", disabled: Boolean(component.disabled) },
    });
    this.element = h("div", { class: "component-select" }, this.#select.element);
  }

  update(component) {
    this.#component = component;
    const preset = signature(chosenBefore(component));
    // A choice that was made stays until the bot sets another one.
    const values = preset === this.#preset ? this.#select.values : chosenBefore(component);
    this.#preset = preset;
    this.#select.element.disabled = Boolean(component.disabled);
    this.#select.update({ ...this.#facts(), values });
  }

  #facts() {
    return { bounds: boundsOf(this.#component), placeholder: this.#component.placeholder };
  }
}
