import { fill, h } from "../dom.js";
import { JobRow } from "./job_row.js";
import { Poll } from "./poll.js";

/** What the video API of this sandbox works on, newest first. */
export class JobSection {
  id = "jobs";
  name = "Video jobs";

  #rows = new Map();
  #list = h("ul", { class: "jobs", role: "list" });
  #note = h("p", { class: "soft nothing" });
  #poll;

  constructor(ctx) {
    this.#poll = new Poll({
      ask: () => ctx.control.get("provider"),
      show: ({ jobs }) => this.#show(jobs),
      failed: (error) => this.#failed(error),
      everyMs: 1000,
    });
    this.element = h("div", { class: "hood-section" }, this.#note, this.#list);
  }

  show() {
    this.#poll.start();
  }

  hide() {
    this.#poll.stop();
  }

  #show(jobs) {
    const newest = [...jobs].sort((a, b) => b.created_at - a.created_at);
    const rows = new Map(newest.map((job) => [job.id, this.#rows.get(job.id) ?? new JobRow(job)]));
    for (const job of newest) rows.get(job.id).update(job);
    const moved = [...rows.keys()].join() !== [...this.#rows.keys()].join();
    this.#rows = rows;
    if (moved) fill(this.#list, [...rows.values()].map((row) => row.element));
    this.#say(jobs.length ? "" : "No video was asked for yet.");
  }

  #failed(error) {
    const none = error.status === NOT_RUN;
    this.#say(none ? "This sandbox runs no video API; the bot uses its own." : error.message);
    return !none;
  }

  #say(text) {
    this.#note.hidden = !text;
    if (this.#note.textContent !== text) this.#note.textContent = text;
  }
}

const NOT_RUN = 404;
