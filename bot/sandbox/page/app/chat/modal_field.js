import { h } from "../dom.js";
import { CheckboxInput, CheckboxGroupInput, RadioInput } from "./choice_input.js";
import { FileInput } from "./file_input.js";
import { SelectInput } from "./select_input.js";
import { TextInput } from "./text_input.js";

/** A field of a modal with its label, description and problem; the kind of the component decides what is in it. */
export function fieldOf(component, { ctx, label, description }) {
  return new ModalField(component, new INPUTS[component.type](component, { ctx, label }), { label, description });
}

const INPUTS = {
  3: SelectInput,
  4: TextInput,
  5: SelectInput,
  6: SelectInput,
  7: SelectInput,
  8: SelectInput,
  19: FileInput,
  21: RadioInput,
  22: CheckboxGroupInput,
  23: CheckboxInput,
};
const CHECKBOX = 23;

/**
 * Inputs have `element`, `grouped` (several controls), `required`, `value()`, `problem()` (a sentence or null),
 * `control` (what is labelled and focused) and call `onedit`.
 */
class ModalField {
  #input;
  #problem;

  constructor(component, input, { label, description }) {
    this.customId = component.custom_id;
    this.#input = input;
    const id = `field-${crypto.randomUUID()}`;
    const hint = description && h("p", { class: "hint", id: `${id}-hint` }, description);
    this.#problem = h("p", { class: "problem", id: `${id}-problem`, role: "alert" });
    const describedBy = [hint?.id, this.#problem.id].filter(Boolean).join(" ");
    const name = { class: input.required ? "label required" : "label", id: `${id}-label` };
    if (input.grouped) {
      this.element = h(
        "fieldset",
        { class: "field", "aria-describedby": describedBy },
        h("legend", name, label),
        hint,
        input.element,
        this.#problem,
      );
    } else {
      const control = input.control;
      control.id = id;
      control.setAttribute("aria-describedby", describedBy);
      // A single checkbox stands before its words.
      const order =
        component.type === CHECKBOX
          ? [h("div", { class: "check-line" }, input.element, h("label", { ...name, for: id }, label)), hint]
          : [h("label", { ...name, for: id }, label), hint, input.element];
      this.element = h("div", { class: "field" }, order, this.#problem);
    }
    input.onedit = () => this.#problem.textContent && this.check();
  }

  value() {
    return this.#input.value();
  }

  /** Say what is wrong, if anything; return whether all is well. */
  check() {
    const problem = this.#input.problem();
    this.#problem.textContent = problem ?? "";
    if (problem) this.#input.control.setAttribute("aria-invalid", "true");
    else this.#input.control.removeAttribute("aria-invalid");
    return problem === null;
  }

  focus() {
    this.#input.control.focus();
  }
}
