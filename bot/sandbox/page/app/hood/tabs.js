import { h } from "../dom.js";
import { rove } from "../chat/roving.js";

/**
 * Tabs with the keyboard that screen readers expect: arrows choose, Tab goes into the panel.
 *
 * A section is `{id, name, element, show(), hide()}`; only the chosen one is shown, while the tabs are awake.
 */
export class Tabs {
  #sections;
  #tabs;
  #panels;
  #chosen = 0;
  #awake = false;

  constructor(label, sections) {
    this.#sections = sections;
    this.#tabs = sections.map((section, index) => this.#tab(section, index));
    this.#panels = sections.map((section) => panel(section));
    const list = h("div", { class: "tab-list", role: "tablist", "aria-label": label }, this.#tabs);
    rove(list);
    this.element = h("div", { class: "tabs" }, list, this.#panels);
    this.#mark();
  }

  /** Show the chosen section from now on, and let it work. */
  wake() {
    this.#awake = true;
    this.#sections[this.#chosen].show();
  }

  sleep() {
    this.#awake = false;
    this.#sections[this.#chosen].hide();
  }

  focus() {
    this.#tabs[this.#chosen].focus();
  }

  #choose(index) {
    if (index === this.#chosen) return;
    if (this.#awake) this.#sections[this.#chosen].hide();
    this.#chosen = index;
    this.#mark();
    if (this.#awake) this.#sections[index].show();
  }

  #mark() {
    this.#tabs.forEach((tab, index) => {
      const chosen = index === this.#chosen;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      this.#panels[index].hidden = !chosen;
    });
  }

  #tab({ id, name }, index) {
    const props = { type: "button", class: "tab", role: "tab", id: `hood-tab-${id}`, "aria-controls": `hood-${id}` };
    const choose = () => this.#choose(index);
    return h("button", { ...props, onclick: choose, onfocus: choose }, name);
  }
}

function panel({ id, element }) {
  const props = { class: "tab-panel", role: "tabpanel", id: `hood-${id}`, "aria-labelledby": `hood-tab-${id}` };
  return h("div", { ...props, tabindex: 0 }, element);
}
