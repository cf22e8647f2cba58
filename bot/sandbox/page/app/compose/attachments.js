import { fill, h, iconButton } from "../dom.js";
import { Preview } from "./preview.js";
import { megabytes, refusal } from "./upload.js";

/** The files that will go with a message, as chips that can be taken away again. */
export class Attachments {
  #files = [];
  #onremove;

  constructor({ onremove }) {
    this.#onremove = onremove;
    this.element = h("ul", { class: "attached", "aria-label": "Attached files", hidden: true });
  }

  /** Show the files of a draft, `[{file, preview}]`; the list is changed in place. */
  show(files) {
    this.#files = files;
    this.element.hidden = files.length === 0;
    fill(
      this.element,
      files.map((one) => this.#chip(one)),
    );
  }

  /** Add the files that fit; returns why others do not, as sentences. */
  add(files, limit) {
    const problems = [];
    for (const file of files) {
      const problem =
        this.#files.length >= MOST_FILES
          ? `A message takes ${MOST_FILES} files; “${file.name}” was left out.`
          : refusal(file, limit);
      if (problem) problems.push(problem);
      else this.#files.push({ file, preview: new Preview(file) });
    }
    this.show(this.#files);
    return problems.join(" ");
  }

  #chip(one) {
    const remove = iconButton("close", `Remove ${one.file.name}`, () => {
      this.#files.splice(this.#files.indexOf(one), 1);
      one.preview.dispose();
      this.show(this.#files);
      this.#onremove();
    });
    const name = h("span", { class: "upload-name", title: one.file.name }, one.file.name);
    const size = h("span", { class: "upload-size" }, megabytes(one.file.size));
    return h(
      "li",
      { class: "upload-chip" },
      one.preview.element,
      h("span", { class: "upload-facts" }, name, size),
      remove,
    );
  }
}

const MOST_FILES = 10;
