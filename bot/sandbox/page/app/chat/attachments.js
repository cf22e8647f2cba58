import { h } from "../dom.js";
import { signature } from "./address.js";
import { kindOf, mediaElement } from "./media.js";
import { settle } from "./settle.js";

/** The files of a message: several pictures as a grid, the rest below each other. */
export class Attachments {
  #grid = h("div", { class: "media-grid" });
  #list = h("div", { class: "media-list" });
  #views = new Map();

  constructor() {
    this.element = h("div", { class: "message-attachments" }, this.#grid, this.#list);
  }

  update({ attachments = [] }) {
    const files = attachments.map(fileOf);
    const pictures = files.filter((file) => kindOf(file) === "image");
    const views = new Map(files.map((file) => [file.id, this.#view(file, pictures.length > 1)]));
    this.#views = views;
    const elementsOf = (some) => some.map(({ id }) => views.get(id).element);
    settle(this.#grid, elementsOf(pictures));
    settle(this.#list, elementsOf(files.filter((file) => !pictures.includes(file))));
    this.#grid.dataset.count = String(pictures.length);
  }

  /** A file that is already shown is left alone, whatever its address says by now. */
  #view(file, several) {
    const tile = several && kindOf(file) === "image";
    const shown = signature([file, tile]);
    const old = this.#views.get(file.id);
    return old?.shown === shown ? old : { shown, element: mediaElement(file, { tile }) };
  }
}

function fileOf({ id, url, filename, size, content_type, width, height, description, flags = 0 }) {
  const spoiler = Boolean(flags & SPOILER) || filename.startsWith("SPOILER_");
  return { id, url, name: filename, size, type: content_type, width, height, description, spoiler };
}

const SPOILER = 1 << 3;
