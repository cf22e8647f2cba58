import { h } from "../dom.js";

/**
 * A list that grows at its top, hundreds of lines a minute, without moving under the reader.
 *
 * Lines are drawn once a frame; the last 300 are kept. `row(entry)` returns an element, its text is what a filter
 * searches. `onwaiting(count)` tells how many lines a pause holds back.
 */
export class Log {
  #row;
  #onwaiting;
  #waiting = [];
  #frame = 0;
  #wanted = "";
  #unseen = 0;
  #list;
  #more;
  #nothing = h("p", { class: "soft nothing" });
  paused = false;

  constructor(name, row, { onwaiting }) {
    this.#row = row;
    this.#onwaiting = onwaiting;
    const props = { class: "log", role: "list", tabindex: 0, "aria-label": `${name}, newest first` };
    this.#list = h("ol", { ...props, onscroll: () => this.#scrolled() });
    this.#more = h("button", { type: "button", class: "button to-top", hidden: true, onclick: () => this.#toTop() });
    this.element = h("div", { class: "log-frame" }, this.#nothing, this.#list, this.#more);
    this.#tellNothing();
  }

  /** Show these entries, oldest first, instead of all others. */
  reset(entries) {
    this.#list.replaceChildren();
    this.#waiting = [];
    this.#toTop();
    for (const entry of entries) this.#hold(entry);
    this.#draw();
    this.#onwaiting(0);
  }

  add(entry) {
    this.#hold(entry);
    if (this.paused) this.#onwaiting(this.#waiting.length);
    else this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  pause(paused) {
    this.paused = paused;
    if (!paused) this.#draw();
    this.#onwaiting(0);
  }

  /** Leave only lines that contain this text, in any case. */
  filter(text) {
    this.#wanted = text.trim().toLowerCase();
    for (const row of this.#list.children) row.hidden = !this.#matches(row);
    this.#tellNothing();
  }

  #hold(entry) {
    this.#waiting.push(entry);
    // No frame is drawn in the background: the waiting lines would grow without end.
    if (this.#waiting.length > KEPT) this.#waiting.shift();
  }

  #draw() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const rows = this.#waiting.map((entry) => this.#row(entry)).reverse();
    this.#waiting = [];
    for (const row of rows) row.hidden = !this.#matches(row);
    this.#keepPlace(() => this.#list.prepend(...rows), rows);
    while (this.#list.childElementCount > KEPT) this.#list.lastElementChild.remove();
    this.#tellNothing();
  }

  #keepPlace(prepend, rows) {
    const list = this.#list;
    const first = list.firstElementChild;
    if (list.scrollTop === 0 || first === null) {
      prepend();
      return;
    }
    const before = first.offsetTop;
    const place = list.scrollTop;
    prepend();
    list.scrollTop = place + first.offsetTop - before;
    this.#unseen += rows.filter((row) => !row.hidden).length;
    this.#tellUnseen();
  }

  #scrolled() {
    if (this.#list.scrollTop > 0) return;
    this.#unseen = 0;
    this.#tellUnseen();
  }

  #toTop() {
    this.#list.scrollTop = 0;
    this.#scrolled();
  }

  #tellUnseen() {
    this.#more.hidden = this.#unseen === 0;
    this.#more.textContent = `↑ ${this.#unseen} new`;
  }

  #tellNothing() {
    const shown = [...this.#list.children].some((row) => !row.hidden);
    this.#nothing.hidden = shown;
    this.#nothing.textContent = this.#list.childElementCount ? "Nothing here contains this text." : "Nothing yet.";
  }

  #matches(row) {
    return !this.#wanted || row.textContent.toLowerCase().includes(this.#wanted);
  }
}

const KEPT = 300;
