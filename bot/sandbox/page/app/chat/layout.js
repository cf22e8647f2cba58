import { fill, h } from "../dom.js";
import { signature } from "./address.js";
import { settle } from "./settle.js";
import { spoilerCover } from "./spoiler_cover.js";

/** The views of some components within an element; at an update a view stays with the component that it shows. */
export class Children {
  #element;
  #create;
  #views = [];

  constructor(element, create) {
    this.#element = element;
    this.#create = create;
  }

  update(components) {
    const free = new Set(this.#views);
    // What is unchanged is found first, so that something new above a video does not take its view.
    const unchanged = components.map((component) => take(free, ({ shown }) => shown === signature(component)));
    this.#views = components.map((component, index) => {
      const old = unchanged[index] ?? take(free, ({ type }) => type === component.type);
      if (old) return this.#renew(old, component);
      return { type: component.type, shown: signature(component), view: this.#create(component) };
    });
    settle(
      this.#element,
      this.#views.map(({ view }) => view.element),
    );
  }

  #renew(old, component) {
    const shown = signature(component);
    if (shown !== old.shown) old.view.update(component);
    return { ...old, shown };
  }
}

/** Buttons in a line, or one select. */
export class RowView {
  #children;

  constructor(row, { viewOf }) {
    this.element = h("div", { class: "component-row" });
    this.#children = new Children(this.element, viewOf);
    this.update(row);
  }

  update({ components = [] }) {
    this.#children.update(components);
  }
}

/** A framed group, with a colour of its own where the bot gave one. */
export class ContainerView {
  #inside = h("div", { class: "container-inside" });
  #children;
  #spoiler = false;

  constructor(container, { viewOf }) {
    this.element = h("div", { class: "component-container" });
    this.#children = new Children(this.#inside, viewOf);
    this.element.append(this.#inside);
    this.update(container);
  }

  update({ components = [], accent_color: accent, spoiler = false }) {
    this.#children.update(components);
    this.element.classList.toggle("accented", accent != null);
    if (accent != null) this.element.style.setProperty("--bar", `#${accent.toString(16).padStart(6, "0")}`);
    if (spoiler === this.#spoiler) return;
    this.#spoiler = spoiler;
    this.#inside.inert = false;
    fill(this.element, spoilerCover(this.#inside, { spoiler }));
  }
}

/** Texts with a button or a picture beside them. */
export class SectionView {
  #texts;
  #accessory;

  constructor(section, { viewOf }) {
    const texts = h("div", { class: "section-texts" });
    const accessory = h("div", { class: "section-accessory" });
    this.#texts = new Children(texts, viewOf);
    this.#accessory = new Children(accessory, viewOf);
    this.element = h("div", { class: "component-section" }, texts, accessory);
    this.update(section);
  }

  update({ components = [], accessory }) {
    this.#texts.update(components);
    this.#accessory.update(accessory ? [accessory] : []);
  }
}

function take(free, fits) {
  const found = [...free].find(fits);
  free.delete(found);
  return found;
}
