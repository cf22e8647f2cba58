import { h } from "../dom.js";

/** One of several, all visible. */
export class RadioInput {
  grouped = true;
  onedit = () => {};
  #options;

  constructor({ options, required }) {
    this.required = required !== false;
    this.#options = optionInputs(options, "radio", () => this.onedit());
    this.element = optionList(this.#options, "radiogroup");
    this.control = this.#options[0].input;
  }

  value() {
    return this.#options.find(({ input }) => input.checked)?.value ?? null;
  }

  problem() {
    return this.required && this.value() === null ? "Choose one." : null;
  }
}

/** Some of several, all visible. */
export class CheckboxGroupInput {
  grouped = true;
  onedit = () => {};
  #options;
  #least;
  #most;

  constructor({ options, required, min_values: least, max_values: most }) {
    this.#least = least ?? (required === false ? 0 : 1);
    this.#most = most ?? options.length;
    this.required = required !== false && this.#least > 0;
    this.#options = optionInputs(options, "checkbox", () => this.onedit());
    this.element = optionList(this.#options, "group");
    this.control = this.#options[0].input;
  }

  value() {
    return this.#options.filter(({ input }) => input.checked).map(({ value }) => value);
  }

  problem() {
    const count = this.value().length;
    if (count === 0 && !this.required) return null;
    if (count < this.#least) return `Choose at least ${this.#least}.`;
    return count > this.#most ? `Choose at most ${this.#most}.` : null;
  }
}

/** A single yes or no. */
export class CheckboxInput {
  grouped = false;
  required = false;
  onedit = () => {};

  constructor({ default: checked }) {
    this.control = h("input", { type: "checkbox", class: "check", checked: Boolean(checked) });
    this.element = this.control;
  }

  value() {
    return this.control.checked;
  }

  problem() {
    return null;
  }
}

function optionInputs(options, type, onchange) {
  const name = crypto.randomUUID();
  return options.map(({ value, label, description, default: checked }) => {
    const input = h("input", { type, name, class: "check", checked: Boolean(checked), onchange });
    const words = h(
      "span",
      { class: "option-words" },
      h("bdi", {}, label),
      description && h("span", { class: "option-description" }, description),
    );
    return { value, input, element: h("label", { class: "check-line" }, input, words) };
  });
}

function optionList(options, role) {
  return h(
    "div",
    { class: "check-list", role },
    options.map(({ element }) => element),
  );
}
