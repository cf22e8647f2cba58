import { fill, h, icon } from "../dom.js";
import { emojiElement } from "./button.js";

/**
 * A list to choose from, with a search box when it is long. Choices are `{value, label, description, emoji}`;
 * `onchange(values)` follows each press, `ondone()` the choice of a list that takes one.
 */
export class Listbox {
  #label;
  #choices;
  #shown;
  #active = 0;
  #selected;
  #most;
  #least;
  #onchange;
  #ondone;
  #list;
  #search = null;
  #typed = "";
  #typedAt = 0;

  /** What the list's element is called, for those that open it. */
  id = `listbox-${crypto.randomUUID()}`;

  constructor({ label, choices, selected, least, most, onchange, ondone }) {
    this.#label = label;
    this.#choices = this.#shown = choices;
    this.#selected = new Set(selected);
    [this.#least, this.#most, this.#onchange, this.#ondone] = [least, most, onchange, ondone];
    const several = most > 1 ? { "aria-multiselectable": "true" } : {};
    this.#list = h("ul", { class: "menu listbox", role: "listbox", id: this.id, "aria-label": label, ...several });
    if (choices.length > SEARCH_FROM) this.#search = this.#searchBox();
    else this.#list.tabIndex = 0;
    this.element = h("div", { class: "listbox-box", onkeydown: (event) => this.#key(event) }, this.#search, this.#list);
    this.#active = Math.max(
      0,
      choices.findIndex(({ value }) => this.#selected.has(value)),
    );
    this.#draw();
  }

  focus() {
    (this.#search ?? this.#list).focus();
    this.#pointAt(this.#active);
  }

  #searchBox() {
    const props = { type: "search", class: "input", placeholder: "Search", autocomplete: "off", role: "combobox" };
    const aria = {
      "aria-label": `Search: ${this.#label}`,
      "aria-expanded": "true",
      "aria-controls": this.id,
      "aria-autocomplete": "list",
    };
    return h("input", { ...props, ...aria, oninput: ({ target }) => this.#filter(target.value) });
  }

  #filter(text) {
    const wanted = text.trim().toLocaleLowerCase();
    const says = ({ label, description = "" }) => `${label} ${description ?? ""}`.toLocaleLowerCase();
    this.#shown = this.#choices.filter((choice) => says(choice).includes(wanted));
    this.#active = 0;
    this.#draw();
  }

  #draw() {
    const full = this.#selected.size >= this.#most && this.#most > 1;
    const options = this.#shown.map((choice, index) => this.#option(choice, index, full));
    fill(
      this.#list,
      options.length ? options : h("li", { class: "listbox-empty", role: "presentation" }, "Nothing found"),
    );
    this.#pointAt(this.#active);
  }

  #option(choice, index, full) {
    const selected = this.#selected.has(choice.value);
    const props = {
      role: "option",
      class: "menu-item option",
      id: `${this.id}-${index}`,
      "aria-selected": String(selected),
    };
    const listeners = {
      onclick: () => this.#toggle(index),
      onpointermove: () => this.#active === index || this.#pointAt(index),
    };
    return h(
      "li",
      { ...props, ...listeners, "aria-disabled": full && !selected ? "true" : null },
      choice.emoji && emojiElement(choice.emoji),
      h(
        "span",
        { class: "option-words" },
        h("bdi", { class: "option-label" }, choice.label),
        choice.description && h("span", { class: "option-description" }, choice.description),
      ),
      h("span", { class: "option-check" }, selected && icon("check")),
    );
  }

  #toggle(index) {
    const choice = this.#shown[index];
    if (!choice) return;
    this.#active = index;
    const { value } = choice;
    const one = this.#most === 1;
    if (this.#selected.has(value)) {
      if (!one || this.#least === 0) this.#selected.delete(value);
    } else if (one) this.#selected = new Set([value]);
    else if (this.#selected.size < this.#most) this.#selected.add(value);
    else return;
    this.#onchange([...this.#selected]);
    if (one) this.#ondone();
    else this.#draw();
  }

  #key(event) {
    if (event.isComposing) return;
    const move = this.#destination(event.key);
    if (move !== null) this.#pointAt(Math.max(0, Math.min(move, this.#shown.length - 1)));
    else if (event.key === "Enter" || (event.key === " " && !this.#search)) this.#toggle(this.#active);
    else if (!this.#search && event.key.length === 1 && !event.ctrlKey && !event.metaKey) this.#typeAhead(event.key);
    else return;
    event.preventDefault();
  }

  #destination(key) {
    if (key === "ArrowDown") return this.#active + 1;
    if (key === "ArrowUp") return this.#active - 1;
    if (key === "PageDown") return this.#active + PAGE;
    if (key === "PageUp") return this.#active - PAGE;
    // In the search box these move the caret.
    if (this.#search) return null;
    if (key === "Home") return 0;
    return key === "End" ? this.#shown.length - 1 : null;
  }

  #typeAhead(character) {
    const now = performance.now();
    this.#typed = (now - this.#typedAt < TYPED_TOGETHER_MS ? this.#typed : "") + character.toLocaleLowerCase();
    this.#typedAt = now;
    const found = this.#shown.findIndex(({ label }) => label.toLocaleLowerCase().startsWith(this.#typed));
    if (found >= 0) this.#pointAt(found);
  }

  #pointAt(index) {
    this.#active = index;
    const options = this.#list.querySelectorAll("[role=option]");
    options.forEach((option, position) => option.classList.toggle("active", position === index));
    const active = options[index];
    const owner = this.#search ?? this.#list;
    if (!active) return owner.removeAttribute("aria-activedescendant");
    owner.setAttribute("aria-activedescendant", active.id);
    active.scrollIntoView({ block: "nearest" });
    return undefined;
  }
}

const SEARCH_FROM = 10;
const PAGE = 8;
const TYPED_TOGETHER_MS = 700;
