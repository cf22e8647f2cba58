import { h } from "../dom.js";

/** One line or a paragraph of text. */
export class TextInput {
  grouped = false;
  onedit = () => {};
  #least;
  #most;
  #counter = h("span", { class: "counter count", "aria-hidden": "true" });

  constructor({ style, value, placeholder, min_length: least, max_length: most, required }) {
    this.required = required !== false;
    this.#least = least ?? (this.required ? 1 : 0);
    this.#most = most ?? TEXT_LIMIT;
    const props = {
      class: "input",
      value: value ?? "",
      placeholder: placeholder ?? null,
      "aria-required": String(this.required),
      oninput: () => this.#edited(),
    };
    this.control =
      style === PARAGRAPH
        ? h("textarea", { ...props, rows: 4 })
        : h("input", { ...props, type: "text", autocomplete: "off" });
    this.element = h("div", { class: "text-input" }, this.control, this.#counter);
    this.#count();
  }

  value() {
    return this.control.value;
  }

  problem() {
    const length = this.#length();
    if (length === 0) return this.required ? "Fill this in." : null;
    if (length < this.#least) return `At least ${this.#least} characters; ${length} so far.`;
    return length > this.#most ? `At most ${this.#most} characters; these are ${length}.` : null;
  }

  #edited() {
    this.#count();
    this.onedit();
  }

  /** The room that is left, once it matters. */
  #count() {
    const left = this.#most - this.#length();
    const near = left <= Math.max(NEAR, this.#most / 10) || this.#most <= SHORT;
    this.#counter.textContent = near ? String(left) : "";
    this.#counter.classList.toggle("over", left < 0);
  }

  // Discord and the sandbox count characters, not the two halves of an emoji.
  #length() {
    return [...this.control.value].length;
  }
}

const PARAGRAPH = 2;
const TEXT_LIMIT = 4000;
const NEAR = 20;
const SHORT = 100;
