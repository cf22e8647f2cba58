import { h } from "../../dom.js";

/**
 * A text field with a list under it. A subclass says what is in the list: `open()` shows it and `take(item)`
 * accepts one of it.
 */
export class ComboBox {
  constructor({ attributes, label, list, onchoose }, { wide = false, placeholder = null } = {}) {
    this.label = label;
    this.list = list;
    this.onchoose = onchoose;
    this.input = h("input", {
      ...attributes,
      type: "text",
      class: wide ? "option-input wide" : "option-input",
      role: "combobox",
      autocomplete: "off",
      spellcheck: "false",
      ...(placeholder && { placeholder }),
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": list.id,
      oninput: () => this.typed(),
      onclick: () => this.clicked(),
    });
    this.element = this.input;
  }

  get blank() {
    return this.input.value === "";
  }

  get text() {
    return this.input.value.trim();
  }

  get isOpen() {
    return this.list.owner === this.input;
  }

  /** Give a key to the list; returns whether it took it. */
  key(event) {
    // Passing through with Tab chooses nothing; it does when something was typed or arrowed to.
    const wanted = this.list.active && (this.text !== "" || this.list.moved);
    if (this.isOpen && event.key === "Tab" && !event.shiftKey && wanted) this.take(this.list.active);
    if (!this.isOpen && event.key === "ArrowDown") {
      event.preventDefault();
      this.open();
      return true;
    }
    return this.list.key(event);
  }

  /** Accept one of the list and go on to what comes next. */
  choose(item) {
    this.take(item);
    this.onchoose();
  }
}
