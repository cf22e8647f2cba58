import { h } from "../dom.js";

/** Files dragged over the window: an overlay that says what a drop would do, and the drop. */
export class DropZone {
  #label;
  #goal;

  /** `goal()` words what a drop does ("Add to the message"), or null where nothing takes files. */
  constructor({ goal, ondrop }) {
    this.#goal = goal;
    this.#label = h("p", { class: "drop-label" });
    this.element = h("div", { class: "drop-overlay", hidden: true }, this.#label);
    window.addEventListener("dragover", (event) => this.#over(event));
    window.addEventListener("dragleave", (event) => {
      if (!event.relatedTarget) this.element.hidden = true;
    });
    window.addEventListener("drop", (event) => {
      this.element.hidden = true;
      if (!concerns(event)) return;
      event.preventDefault();
      if (this.#goal()) ondrop(event.dataTransfer);
    });
  }

  #over(event) {
    if (!concerns(event)) return;
    // Without this the browser would leave the page for the file, also where nothing takes it.
    event.preventDefault();
    const goal = this.#goal();
    event.dataTransfer.dropEffect = goal ? "copy" : "none";
    this.#label.textContent = goal ?? "";
    this.element.hidden = !goal;
  }
}

// A dialog takes its own files.
function concerns(event) {
  return event.dataTransfer?.types.includes("Files") && !document.querySelector("dialog[open]");
}
