import { fill, h } from "../dom.js";
import { isLoading } from "./flags.js";
import { renderMarkdown } from "./markdown.js";
import { settleDrawn } from "./settle.js";
import { Times } from "./times.js";

/** The words of a message, or that the bot still thinks about them. */
export class Content {
  #ctx;
  #shown;

  constructor(ctx) {
    this.#ctx = ctx;
    this.element = h("div", { class: "message-content" });
  }

  update(message) {
    const { content, edited_timestamp: edited, edits, timestamp } = message;
    const loading = isLoading(message) && !content;
    const shown = JSON.stringify([content, edited, edits, loading]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    if (loading) {
      fill(this.element, this.#thinking(message, Date.parse(timestamp) / 1000));
      return;
    }
    const nodes = renderMarkdown(content ?? "", this.#ctx);
    const mark = this.#mark(edited, edits);
    const last = nodes.at(-1);
    // At the end of the last words where there are some, as a line of its own otherwise.
    if (mark && last?.matches(".md-text, .md-subtext")) last.append(" ", mark);
    else if (mark) nodes.push(mark);
    settleDrawn(this.element, nodes);
  }

  #mark(edited, edits) {
    if (!edited) return null;
    const times = Times.of(this.#ctx);
    const count = edits > 1 ? `, ${edits} edits` : "";
    return h("span", { class: "edited", title: `${times.full(Date.parse(edited) / 1000)}${count}` }, "(edited)");
  }

  #thinking(message, since) {
    const { name } = this.#ctx.world.user(message.author.id, message.author);
    const dots = h("span", { class: "dots", "aria-hidden": "true" }, h("span"), h("span"), h("span"));
    const thinking = h("div", { class: "thinking" }, dots, `${name} is thinking…`);
    const silent = h("div", { class: "failure" }, "The application did not respond");
    return Times.of(this.#ctx).watch(h("div", {}, thinking, silent), (now) => {
      const late = now - since >= TOKEN_LIFE_S;
      thinking.hidden = late;
      silent.hidden = !late;
      return late ? Infinity : since + TOKEN_LIFE_S;
    });
  }
}

// After this the bot can no longer answer the interaction.
const TOKEN_LIFE_S = 15 * 60;
