import { fill, h, icon } from "../dom.js";
import { webAddress } from "./address.js";

/** A button of a message in one of Discord's six styles. */
export class ButtonView {
  #use;
  #button;

  constructor(button, { use }) {
    this.#use = use;
    this.element = h("span", { class: "component-button" });
    this.update(button);
  }

  update(button) {
    this.#button = button;
    const label = h("bdi", { class: "button-label" }, button.label ?? "");
    const words = [button.emoji && emojiElement(button.emoji), button.label && label];
    if (button.style === LINK) this.#show("a", this.#linkProps(), [words, icon("link")]);
    else this.#show("button", this.#buttonProps(), button.style === PREMIUM ? "Buy (not in the sandbox)" : words);
  }

  /** Keep the element of the same kind: it may hold the focus. */
  #show(tag, props, words) {
    const old = this.element.firstElementChild;
    if (old?.localName !== tag) {
      this.element.replaceChildren(
        h(tag, { ...props, ...(tag === "button" && { onclick: () => this.#press() }) }, words),
      );
      return;
    }
    for (const [name, value] of Object.entries(props)) {
      if (name === "disabled") old.disabled = value;
      else if (name === "class") old.classList.remove(...STYLES.filter(Boolean));
      else if (value == null) old.removeAttribute(name);
      else old.setAttribute(name, value);
    }
    old.classList.add(...props.class.split(" "));
    fill(old, words);
  }

  #press() {
    const element = this.element.firstElementChild;
    if (element.getAttribute("aria-disabled") !== "true") this.#use(this.#button, undefined, element);
  }

  #buttonProps() {
    const { style, disabled, label, emoji } = this.#button;
    const off = Boolean(disabled) || style === PREMIUM;
    const name = label ? null : (emoji?.name ?? null);
    return {
      type: "button",
      class: `button ${STYLES[style] ?? ""}`.trim(),
      disabled: off,
      "aria-label": name,
      "data-acts": "",
    };
  }

  #linkProps() {
    const { url, label, disabled } = this.#button;
    const address = disabled ? null : webAddress(url);
    const target = address
      ? { href: address.href, target: "_blank", rel: "noopener noreferrer" }
      : { href: null, "aria-disabled": "true" };
    return { class: "button", "aria-label": label ? null : "Open link", ...target, title: address?.href ?? null };
  }
}

const LINK = 5;
const PREMIUM = 6;
const STYLES = ["", "primary", "", "success", "danger", "", "primary"];

/** An emoji of a button or an option; one of a server shows its name. */
export function emojiElement({ id, name }) {
  return h("span", { class: "component-emoji" }, id ? `:${name}:` : name);
}
