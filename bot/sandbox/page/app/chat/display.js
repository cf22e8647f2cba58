import { h } from "../dom.js";
import { signature } from "./address.js";
import { renderMarkdown } from "./markdown.js";
import { mediaElement } from "./media.js";
import { settle, settleDrawn } from "./settle.js";

/** A text display. */
export class TextView {
  #ctx;

  constructor(text, { ctx }) {
    this.#ctx = ctx;
    this.element = h("div", { class: "component-text" });
    this.update(text);
  }

  update({ content }) {
    settleDrawn(this.element, renderMarkdown(content, this.#ctx));
  }
}

/** A line or a gap. */
export class SeparatorView {
  constructor(separator) {
    this.element = h("div");
    this.update(separator);
  }

  update({ spacing = 1, divider = true }) {
    const size = spacing === 2 ? "large" : "small";
    this.element.className = `component-separator ${size}`;
    this.element.setAttribute("role", divider ? "separator" : "presentation");
    this.element.classList.toggle("drawn", divider);
  }
}

/** Pictures and videos beside each other. */
export class GalleryView {
  #shown = [];

  constructor(gallery) {
    this.element = h("div", { class: "component-gallery" });
    this.update(gallery);
  }

  update({ items = [] }) {
    this.#shown = items.map((item) => {
      const shown = signature([item, items.length > 1]);
      const old = this.#shown.find((known) => known.shown === shown);
      return old ?? { shown, element: mediaElement(fileOf(item.media, item), { tile: items.length > 1 }) };
    });
    this.element.dataset.count = String(items.length);
    settle(
      this.element,
      this.#shown.map(({ element }) => element),
    );
  }
}

/** The small picture beside a section's texts. */
export class ThumbnailView {
  constructor(thumbnail) {
    this.element = h("div", { class: "component-thumbnail" });
    this.update(thumbnail);
  }

  update(thumbnail) {
    this.element.replaceChildren(mediaElement(fileOf(thumbnail.media, thumbnail), { tile: true }));
  }
}

/** A file to download. */
export class FileView {
  constructor(component) {
    this.element = h("div", { class: "component-file" });
    this.update(component);
  }

  update({ file, ...facts }) {
    this.element.replaceChildren(mediaElement({ ...fileOf(file, facts), type: "application/octet-stream" }));
  }
}

function fileOf(media, { description, spoiler, name, size }) {
  const { url, width, height, content_type } = media;
  return { url, name, size, type: content_type, width, height, description, spoiler: Boolean(spoiler) };
}
