import { encode } from "../core/upload.js";
import { fill, h, icon, iconButton } from "../dom.js";
import { fileSize } from "./file_size.js";

/** Files to upload; they are read only when they are sent. */
export class FileInput {
  grouped = false;
  onedit = () => {};
  #ctx;
  #files = [];
  #least;
  #most;
  #picker;
  #list = h("ul", { class: "file-list" });

  constructor({ min_values: least, max_values: most, required }, { ctx }) {
    this.#ctx = ctx;
    this.#least = least ?? (required === false ? 0 : 1);
    this.#most = most ?? 1;
    this.required = required !== false && this.#least > 0;
    this.#picker = h("input", { type: "file", hidden: true, multiple: this.#most > 1, onchange: () => this.#chosen() });
    const words = this.#most > 1 ? `Choose up to ${this.#most} files` : "Choose a file";
    this.control = h(
      "button",
      { type: "button", class: "button file-choose", onclick: () => this.#picker.click() },
      icon("attach"),
      words,
    );
    this.element = h("div", { class: "file-input" }, this.#picker, this.#list, this.control);
    this.element.addEventListener("dragover", (event) => event.preventDefault());
    this.element.addEventListener("drop", (event) => {
      event.preventDefault();
      this.#take([...event.dataTransfer.files]);
    });
  }

  /** Resolves to the files as the control API takes them; rejects with an UnreadableFile when one is gone. */
  value() {
    return Promise.all(this.#files.map(encode));
  }

  problem() {
    const limit = this.#ctx.world.uploadLimit;
    const large = this.#files.find(({ size }) => limit && size > limit);
    if (large) return `${large.name} has ${fileSize(large.size)}; this server takes ${fileSize(limit)}.`;
    const count = this.#files.length;
    if (count === 0 && !this.required) return null;
    if (count < this.#least) return this.#least === 1 ? "Choose a file." : `Choose at least ${this.#least} files.`;
    return count > this.#most ? `Choose at most ${this.#most} ${this.#most === 1 ? "file" : "files"}.` : null;
  }

  #chosen() {
    this.#take([...this.#picker.files]);
    // The same file can be chosen again after it was removed.
    this.#picker.value = "";
  }

  #take(files) {
    this.#files = this.#most === 1 ? files.slice(0, 1) : [...this.#files, ...files];
    this.#changed();
  }

  #changed() {
    fill(
      this.#list,
      this.#files.map((file) => this.#item(file)),
    );
    this.onedit();
  }

  #item(file) {
    const remove = () => {
      this.#files = this.#files.filter((other) => other !== file);
      this.#changed();
      this.control.focus();
    };
    return h(
      "li",
      { class: "file-card" },
      icon("file"),
      h(
        "div",
        { class: "file-words" },
        h("bdi", { class: "file-name", title: file.name }, file.name),
        h("span", { class: "media-size" }, fileSize(file.size)),
      ),
      iconButton("close", `Remove ${file.name}`, remove),
    );
  }
}
