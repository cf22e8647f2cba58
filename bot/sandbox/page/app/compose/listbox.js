import { fill, h } from "../dom.js";

/**
 * The one list above the composer: commands, choices, people, suggestions. The focus stays in the input, which
 * points at the active entry (the combobox pattern of https://www.w3.org/WAI/ARIA/apg/patterns/combobox/).
 *
 * An item is `{name, detail?, mark?, tags?, value}`; `mark` makes a node, `tags` are short hints.
 */
export class Listbox {
  #input = null;
  #items = [];
  #active = -1;
  #moved = false;
  #onchoose = null;
  #rows;
  #note;

  constructor(id) {
    this.id = id;
    this.#rows = h("ul", { class: "option-list", role: "listbox", id, hidden: true, onmousedown: keepFocus });
    this.#note = h("p", { class: "list-note", role: "status" });
    this.element = h("div", { class: "composer-list" }, this.#rows, this.#note);
  }

  /** The input that the list is open for, or null. */
  get owner() {
    return this.#input;
  }

  /** Whether arrows chose the active entry. */
  get moved() {
    return this.#moved;
  }

  /** The entry that Enter would take, or null. */
  get active() {
    return this.#items[this.#active] ?? null;
  }

  /** Open for an input, or show it other items; a `note` is said below them, or in their place. */
  show(input, { label, items, onchoose, active = 0, note = "" }) {
    if (this.#input !== input) this.close();
    this.#input = input;
    this.#items = items;
    this.#onchoose = onchoose;
    this.#moved = false;
    this.#rows.setAttribute("aria-label", label);
    fill(
      this.#rows,
      items.map((item, index) => this.#row(item, index)),
    );
    this.#rows.hidden = items.length === 0;
    this.#note.textContent = note;
    input.setAttribute("aria-expanded", String(items.length > 0));
    input.setAttribute("aria-controls", this.id);
    this.#activate(items.length > 0 ? active : -1);
    if (active <= 0) this.#rows.scrollTop = 0;
  }

  close() {
    const input = this.#input;
    this.#input = null;
    this.#items = [];
    this.#active = -1;
    this.#rows.hidden = true;
    this.#rows.replaceChildren();
    this.#note.textContent = "";
    input?.setAttribute("aria-expanded", "false");
    input?.removeAttribute("aria-activedescendant");
  }

  /** Close, if it is open for this input. */
  closeFor(input) {
    if (this.#input === input) this.close();
  }

  /** Take a key that moves, chooses or closes; true when it was one. */
  key(event) {
    if (this.#input !== event.target || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return false;
    if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && this.active) this.choose();
    else if (event.key in MOVES && this.#items.length > 0) this.#move(MOVES[event.key]);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  /** Take the active entry. */
  choose() {
    this.#onchoose(this.active);
  }

  #move(to) {
    const last = this.#items.length - 1;
    this.#moved = true;
    this.#activate(to(this.#active, last));
  }

  #activate(index) {
    this.#rows.children[this.#active]?.setAttribute("aria-selected", "false");
    this.#active = index;
    const row = this.#rows.children[index];
    if (!row) {
      this.#input.removeAttribute("aria-activedescendant");
      return;
    }
    row.setAttribute("aria-selected", "true");
    this.#input.setAttribute("aria-activedescendant", row.id);
    // Not scrollIntoView, which moves the page too.
    const above = row.offsetTop - this.#rows.scrollTop;
    if (above < 0) this.#rows.scrollTop += above;
    const below = above + row.offsetHeight - this.#rows.clientHeight;
    if (below > 0) this.#rows.scrollTop += below;
  }

  #row(item, index) {
    const choose = () => {
      this.#activate(index);
      this.choose();
    };
    return h(
      "li",
      { class: "option-row", role: "option", id: `${this.id}-${index}`, "aria-selected": "false", onclick: choose },
      item.mark?.(),
      h("span", { class: "option-row-name" }, item.name),
      item.tags?.map((tag) => h("span", { class: "option-row-tag" }, tag)),
      item.detail ? h("span", { class: "option-row-detail" }, item.detail) : null,
    );
  }
}

// A press on the list must not take the focus from the input.
function keepFocus(event) {
  event.preventDefault();
}

const PAGE = 6;

// Where the active entry goes, from its index and the last one; arrows go round, pages stop at the ends.
const MOVES = {
  ArrowDown: (index, last) => (index >= last ? 0 : index + 1),
  ArrowUp: (index, last) => (index <= 0 ? last : index - 1),
  PageDown: (index, last) => Math.min(index + PAGE, last),
  PageUp: (index) => Math.max(index - PAGE, 0),
  Home: () => 0,
  End: (_, last) => last,
};
