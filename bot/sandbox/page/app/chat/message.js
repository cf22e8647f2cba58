import { h } from "../dom.js";
import { Attachments } from "./attachments.js";
import { Components } from "./components.js";
import { Content } from "./content.js";
import { Embeds } from "./embeds.js";
import { isEphemeral } from "./flags.js";
import { Footer } from "./footer.js";
import { Head } from "./head.js";
import { Origin } from "./origin.js";
import { Reactions } from "./reactions.js";
import { Toolbar } from "./toolbar.js";

/**
 * One message of the channel. `update` replaces only the parts whose data changed, so that a playing video, an open
 * select and the focus survive the bot's edits.
 */
export class MessageView {
  #ctx;
  #parts;
  #toolbar;
  #message = null;

  constructor(message, ctx, { grouped = false } = {}) {
    this.#ctx = ctx;
    const [origin, head, content] = [new Origin(ctx), new Head(ctx), new Content(ctx)];
    const rest = [new Attachments(), new Embeds(ctx), new Components(ctx), new Reactions(ctx), new Footer(ctx)];
    this.#toolbar = new Toolbar(ctx);
    this.#parts = [origin, head, content, ...rest];
    const body = h(
      "div",
      { class: "message-body" },
      head.element,
      content.element,
      rest.map((part) => part.element),
    );
    const nodes = [origin.element, head.aside, body, this.#toolbar.element];
    this.element = h("li", { class: "message", "data-id": message.id }, nodes);
    this.update(message, { grouped });
  }

  update(message, { grouped = false } = {}) {
    this.element.classList.toggle("grouped", grouped);
    // What the member may do can change without the message.
    this.#toolbar.update(message);
    if (message === this.#message) return;
    this.#message = message;
    this.element.classList.toggle("pinged", (message.pinged ?? []).includes(this.#ctx.world.viewer?.id));
    this.element.classList.toggle("ephemeral", isEphemeral(message));
    for (const part of this.#parts) part.update(message);
  }
}
