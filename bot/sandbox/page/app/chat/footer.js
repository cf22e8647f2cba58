import { fill, h } from "../dom.js";
import { isEphemeral } from "./flags.js";

/** Under a message that only its reader sees: that it is so, and a way to be rid of it. */
export class Footer {
  #ctx;
  #shown = false;

  constructor(ctx) {
    this.#ctx = ctx;
    this.element = h("footer", { class: "message-footer", hidden: true });
  }

  update(message) {
    if (isEphemeral(message) === this.#shown) return;
    this.#shown = isEphemeral(message);
    this.element.hidden = !this.#shown;
    const dismiss = () => deleteMessage(message, this.#ctx);
    fill(
      this.element,
      "Only you can see this · ",
      h("button", { type: "button", class: "link-button", onclick: dismiss }, "Dismiss message"),
    );
  }
}

/** Delete or dismiss a message as the acting member; a refusal shows in the channel. */
export async function deleteMessage({ id }, ctx) {
  try {
    await ctx.control.delete(`messages/${id}`, { query: { user_id: ctx.world.viewer.id } });
  } catch (error) {
    ctx.refused(error);
  }
}
