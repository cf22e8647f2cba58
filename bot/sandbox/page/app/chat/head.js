import { fill, h } from "../dom.js";
import { avatar } from "./avatar.js";
import { signature } from "./address.js";
import { Times } from "./times.js";

/** Who wrote a message and when; `aside` is what stands left of it. */
export class Head {
  #ctx;
  #shown;

  constructor(ctx) {
    this.#ctx = ctx;
    this.element = h("header", { class: "message-head" });
    this.aside = h("div", { class: "message-aside" });
  }

  update(message) {
    const user = this.#ctx.world.user(message.author.id, message.author);
    const shown = signature([user, message.timestamp]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const times = Times.of(this.#ctx);
    const name = h("bdi", { class: user.owner ? "message-author owner" : "message-author" }, user.name);
    const owner = user.owner && h("span", { class: "owner-mark", title: "Owns this server" }, "owner");
    const bot = user.bot && h("span", { class: "tag", title: "A bot" }, "APP");
    fill(this.element, name, owner, bot, times.message(message.timestamp));
    // In a grouped message the time of day replaces the picture while the pointer is over it.
    const time = h("span", { class: "message-side-time", "aria-hidden": "true" }, times.short(message.timestamp));
    fill(this.aside, avatar(user), time);
  }
}
