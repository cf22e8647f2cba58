import { fill, h, icon } from "../dom.js";
import { signature } from "./address.js";
import { avatar } from "./avatar.js";
import { plainText } from "./markdown.js";

/** The line above a message that says what it answers: another message, or a command. */
export class Origin {
  #ctx;
  #shown;

  constructor(ctx) {
    this.#ctx = ctx;
    this.element = h("div", { class: "message-origin" });
  }

  update(message) {
    const facts = [message.message_reference, message.referenced_message, message.interaction, message.type];
    const shown = signature(facts);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.element.hidden = true;
    if (message.interaction?.type === COMMAND) this.#show(this.#used(message));
    else if (message.message_reference) this.#show(this.#reply(message));
  }

  #show(nodes) {
    this.element.hidden = false;
    fill(this.element, nodes);
  }

  #used({ interaction, type }) {
    const user = this.#ctx.world.user(interaction.user?.id ?? interaction.user, interaction.user);
    const command = type === CONTEXT_MENU ? interaction.name : `/${interaction.name}`;
    return [
      avatar(user, { small: true }),
      h("bdi", { class: "origin-name" }, user.name),
      " used ",
      h("span", { class: "mention" }, command),
    ];
  }

  #reply({ message_reference: { channel_id, message_id }, referenced_message: original }) {
    const sign = icon("reply");
    if (!original) return [sign, h("em", {}, "Original message was deleted")];
    const user = this.#ctx.world.user(original.author.id, original.author);
    const says = plainText(original.content ?? "", this.#ctx).slice(0, SHOWN) || silent(original);
    const jump = () => this.#ctx.jump(channel_id, message_id);
    const label = `Answers ${user.name}: ${says}. Jump to that message`;
    return [
      sign,
      avatar(user, { small: true }),
      h("bdi", { class: "origin-name" }, user.name),
      h("button", { type: "button", class: "origin-says", onclick: jump, "aria-label": label }, says),
    ];
  }
}

const COMMAND = 2;
const CONTEXT_MENU = 23;
const SHOWN = 200;

function silent({ attachments = [] }) {
  return attachments.length ? "See the attachment" : "See the message";
}
