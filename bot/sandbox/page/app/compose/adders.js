import { fill, h } from "../dom.js";

/** The options that can still be added to a command, as buttons. */
export class Adders {
  #onadd;

  constructor({ onadd }) {
    this.#onadd = onadd;
    this.element = h("div", { class: "adders", role: "group", "aria-label": "Add an option" });
  }

  show(options) {
    this.element.hidden = options.length === 0;
    fill(
      this.element,
      options.map((option) => this.#button(option)),
    );
  }

  #button(option) {
    const props = { type: "button", class: "adder", title: option.about, "aria-label": `Add ${option.label}` };
    return h("button", { ...props, onclick: () => this.#onadd(option) }, `+ ${option.label}`);
  }
}
