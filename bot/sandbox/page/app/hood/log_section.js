import { h } from "../dom.js";
import { Log } from "./log.js";

/** One log of the drawer, newest first, with a filter and a pause; `row(entry)` draws a line of it. */
export class LogSection {
  #ctx;
  #path;
  #log;
  #heard = null;
  #problem = h("p", { class: "problem", role: "alert" });
  #pause;

  constructor(ctx, { id, name, path, row }) {
    this.id = id;
    this.name = name;
    this.#ctx = ctx;
    this.#path = path;
    this.#log = new Log(name, row, { onwaiting: (count) => this.#label(count) });
    const onclick = () => this.#log.pause(!this.#log.paused);
    this.#pause = h("button", { type: "button", class: "button", onclick }, "Pause");
    const filter = h("input", {
      type: "search",
      class: "input",
      "aria-label": `Filter ${name}`,
      placeholder: "Filter",
      oninput: (event) => this.#log.filter(event.target.value),
      onkeydown: (event) => this.#clear(event),
    });
    this.element = h("div", { class: "log-section" },
      h("div", { class: "log-tools" }, filter, this.#pause), this.#problem, this.#log.element);
  }

  /** Fetch the last entries and put them in the place of what is shown. */
  async load() {
    const heard = (this.#heard = []);
    try {
      const told = await this.#ctx.control.get(this.#path, { limit: LOADED });
      if (this.#heard !== heard) return; // a later load answers for this one
      // What was heard while waiting may stand in the answer as well.
      const known = new Set(told.map((entry) => JSON.stringify(entry)));
      this.#log.reset([...told, ...heard.filter((entry) => !known.has(JSON.stringify(entry)))]);
      this.#problem.textContent = "";
    } catch (error) {
      this.#log.reset(heard);
      this.#problem.textContent = error.message;
    }
    if (this.#heard === heard) this.#heard = null;
  }

  add(entry) {
    if (this.#heard) this.#heard.push(entry);
    else this.#log.add(entry);
  }

  show() {}

  hide() {}

  #label(count) {
    const waiting = count ? ` (${count} new)` : "";
    this.#pause.textContent = this.#log.paused ? `Go on${waiting}` : "Pause";
    this.#pause.setAttribute("aria-pressed", String(this.#log.paused));
  }

  #clear(event) {
    if (event.key !== "Escape" || !event.target.value) return;
    event.stopPropagation(); // the first Escape empties the box, the next one closes the drawer
    event.preventDefault();
    event.target.value = "";
    this.#log.filter("");
  }
}

const LOADED = 100;
