import { fill, h } from "../../dom.js";
import { Preview } from "../preview.js";
import { megabytes, refusal } from "../upload.js";

/** A file: chosen, pasted or dropped. */
export class FileControl {
  #label;
  #limit;
  #file = null;
  #preview = null;
  #problem = null;
  #onchange;

  /** `limit()` is the server's limit in bytes. */
  constructor({ attributes, label, limit, onchange }) {
    this.#label = label;
    this.#limit = limit;
    this.#onchange = onchange;
    this.chooser = h("input", { type: "file", hidden: true, onchange: () => this.#chosen() });
    // The label names the field, so that the button has to say both.
    this.input = h("button", {
      id: attributes.id,
      "aria-describedby": attributes["aria-describedby"],
      type: "button",
      class: "file-button",
      onclick: () => this.chooser.click(),
    });
    this.element = h("span", { class: "file-control" }, this.input, this.chooser);
    this.#show();
  }

  get blank() {
    return this.#file === null;
  }

  get text() {
    return this.#file?.name ?? "";
  }

  /** `{}`, `{file}` or `{problem}`. */
  read() {
    if (this.#problem) return { problem: this.#problem };
    return this.#file ? { file: this.#file } : {};
  }

  // A file cannot be typed.
  write() {}

  take(file) {
    this.#problem = refusal(file, this.#limit());
    this.#keep(this.#problem ? null : file);
    this.#onchange();
  }

  key(event) {
    if ((event.key !== "Backspace" && event.key !== "Delete") || this.blank) return false;
    event.preventDefault();
    this.#problem = null;
    this.#keep(null);
    this.#onchange();
    return true;
  }

  dispose() {
    this.#preview?.dispose();
  }

  #chosen() {
    if (this.chooser.files[0]) this.take(this.chooser.files[0]);
    this.chooser.value = "";
    this.input.focus();
  }

  #keep(file) {
    this.#preview?.dispose();
    this.#file = file;
    this.#preview = file && new Preview(file);
    this.#show();
  }

  #show() {
    if (!this.#file) {
      fill(this.input, h("span", { class: "file-invitation" }, "Choose, paste or drop a file"));
      this.input.setAttribute("aria-label", `${this.#label}: choose a file, or paste one`);
      return;
    }
    const { name, size } = this.#file;
    fill(
      this.input,
      this.#preview.element,
      h(
        "span",
        { class: "upload-facts" },
        h("span", { class: "upload-name" }, name),
        h("span", { class: "upload-size" }, megabytes(size)),
      ),
    );
    this.input.setAttribute("aria-label", `${this.#label}: ${name}, ${megabytes(size)}. Choose another file`);
  }
}
