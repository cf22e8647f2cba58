import { fill, h } from "../dom.js";
import { FAULTS, described } from "./faults.js";
import { Poll } from "./poll.js";

/** Buttons that make things fail, and the faults that still wait for their call. */
export class FaultSection {
  id = "faults";
  name = "Faults";

  #ctx;
  #waiting = h("ul", { class: "waiting", role: "list" });
  #clear;
  #said = h("p", { class: "said", role: "status" });
  #shown = null;
  #poll;

  constructor(ctx) {
    this.#ctx = ctx;
    this.#poll = new Poll({
      ask: () => ctx.control.get("faults"),
      show: (faults) => this.#showWaiting(faults),
      everyMs: 1000,
    });
    this.#clear = h("button", { type: "button", class: "button", onclick: () => this.#clearAll() }, "Clear all");
    this.element = h("div", { class: "hood-section" },
      h("section", { class: "waiting-faults", "aria-label": "Faults that wait" },
        h("h3", {}, "Waiting for their call"), this.#waiting, this.#clear, this.#said),
      h("ul", { class: "faults", role: "list" }, FAULTS.map((fault, index) => this.#entry(fault, index))));
    this.#showWaiting([]);
  }

  show() {
    this.#poll.start();
  }

  hide() {
    this.#poll.stop();
  }

  #entry(fault, index) {
    const about = `hood-fault-${index}`;
    const onclick = () => this.#inject(fault);
    return h("li", { class: "deed" },
      h("button", { type: "button", class: "button", "aria-describedby": about, onclick }, fault.name),
      h("p", { class: "soft", id: about }, fault.about));
  }

  async #inject({ name, path, wish }) {
    try {
      const answer = await this.#ctx.control.post(path, wish);
      this.#say(path === "gateway" ? told(name, answer.sessions) : `${name}: waits for its call.`);
    } catch (error) {
      this.#say(error.message);
    }
    this.#poll.start();
  }

  async #clearAll() {
    try {
      await this.#ctx.control.delete("faults");
      this.#say("No fault waits any more.");
    } catch (error) {
      this.#say(error.message);
    }
    this.#poll.start();
  }

  #showWaiting(faults) {
    const lines = faults.map(described);
    const shown = lines.join("\n");
    if (shown === this.#shown) return; // drawn anew each second, a selection in it would be lost
    this.#shown = shown;
    if (lines.length) fill(this.#waiting, lines.map((line) => h("li", {}, line)));
    else fill(this.#waiting, h("li", { class: "soft" }, "None. Everything works."));
    this.#clear.disabled = lines.length === 0;
  }

  #say(text) {
    this.#said.textContent = text;
  }
}

function told(name, sessions) {
  if (sessions === 0) return `${name}: no session is connected right now.`;
  return `${name}: done${sessions === 1 ? "" : ` to ${sessions} sessions`}.`;
}
