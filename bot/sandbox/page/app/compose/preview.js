import { h, icon } from "../dom.js";

/** A small picture of a chosen file, or its symbol. */
export class Preview {
  #url = null;

  constructor(file) {
    this.element = h("span", { class: "upload-preview" });
    if (!file.type.startsWith("image/")) {
      this.element.append(icon(file.type.startsWith("video/") ? "play" : "file"));
      return;
    }
    this.#url = URL.createObjectURL(file);
    this.element.append(
      h("img", { src: this.#url, alt: "", onerror: () => this.element.replaceChildren(icon("file")) }),
    );
  }

  /** Let go of the picture. */
  dispose() {
    if (this.#url) URL.revokeObjectURL(this.#url);
  }
}
