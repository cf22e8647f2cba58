import { h } from "../../dom.js";
import { OPTION } from "../command_tree.js";
import { grow } from "../grow.js";
import { read } from "../option_value.js";

/** A text or a number, typed freely. */
export class TextControl {
  #option;

  constructor(option, { attributes }) {
    this.#option = option;
    const long = option.type === OPTION.STRING;
    this.input = long
      ? h("textarea", { ...attributes, rows: 1, class: "option-input long", oninput: () => this.#fit() })
      : h("input", {
          ...attributes,
          type: "text",
          inputmode: option.type === OPTION.INTEGER ? "numeric" : "decimal",
          class: "option-input",
          autocomplete: "off",
        });
    this.element = this.input;
  }

  /** Nothing was typed, not even a blank. */
  get blank() {
    return this.input.value === "";
  }

  /** What stands there, as it is shown. */
  get text() {
    return this.input.value.trim();
  }

  /** `{}`, `{value}` or `{problem}`. */
  read() {
    return read(this.#option, this.input.value);
  }

  write(text) {
    this.input.value = text;
    if (this.#option.type === OPTION.STRING) this.#fit();
  }

  #fit() {
    // An option is one line in Discord: pasted line ends become blanks there too.
    if (this.input.value.includes("\n")) {
      const cursor = this.input.selectionStart;
      this.input.value = this.input.value.replaceAll("\n", " ");
      this.input.setSelectionRange(cursor, cursor);
    }
    grow(this.input);
  }
}
