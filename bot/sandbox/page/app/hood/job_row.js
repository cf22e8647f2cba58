import { h } from "../dom.js";

/** One job of the video API; `update` changes only what moved, so that the bar glides. */
export class JobRow {
  #state = h("span", { class: "status" });
  #percent = h("span", { class: "count" });
  #bar;
  #facts = h("p", { class: "soft count facts" });
  #problem = h("p", { class: "problem" });

  constructor(job) {
    this.#bar = h("progress", { max: 100, value: 0, "aria-label": `Progress of ${job.id}` });
    this.element = h("li", { class: "job" },
      h("div", { class: "job-head" },
        h("span", { class: "path", title: job.id }, job.id), this.#state, this.#percent),
      this.#bar,
      job.prompt && h("p", { class: "prompt", title: job.prompt }, job.prompt),
      this.#facts, this.#problem);
  }

  update({ status, progress, model, size, seconds, error }) {
    const percent = Math.round(progress ?? 0);
    this.#state.className = `status ${KINDS[status] ?? "soft"}`;
    change(this.#state, (WORDS[status] ?? status).replaceAll("_", " "));
    change(this.#percent, `${percent} %`);
    this.#bar.value = percent;
    const length = seconds != null && `${seconds} s`;
    change(this.#facts, [model, size, length].filter(Boolean).join(" · "));
    change(this.#problem, sentence(error));
    this.#problem.hidden = !error;
  }
}

const WORDS = { in_progress: "rendering", completed: "done" };
const KINDS = { in_progress: "running", completed: "good", failed: "bad", cancelled: "warn" };

function change(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// The Videos API tells errors as {code, message}.
function sentence(error) {
  if (!error) return "";
  return typeof error === "object" ? (error.message ?? error.code ?? "It failed.") : String(error);
}
