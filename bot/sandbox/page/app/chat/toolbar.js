import { h, iconButton } from "../dom.js";
import { PERMISSION, localised } from "../core/world.js";
import { openEmojiPicker } from "./emoji.js";
import { isEphemeral, isLoading } from "./flags.js";
import { deleteMessage } from "./footer.js";
import { openMenu } from "./menu.js";
import { mayReact, react } from "./reacting.js";
import { rove, setStop } from "./roving.js";

/** What can be done with a message: one stop of the Tab key; the rest is in its menu. */
export class Toolbar {
  #ctx;
  #message;
  #react;
  #reply;
  #more;

  constructor(ctx) {
    this.#ctx = ctx;
    const opens = { "aria-haspopup": "menu", "aria-expanded": "false" };
    this.#react = iconButton("smile", "Add a reaction", () => this.#pickEmoji(this.#react), {
      ...opens,
      "aria-haspopup": "dialog",
    });
    this.#reply = iconButton("reply", "Reply", () => this.#ctx.reply(this.#message));
    this.#more = iconButton("more", "More", () => this.#openMenu(), opens);
    this.element = h(
      "div",
      { class: "message-toolbar", role: "toolbar", "aria-label": "Message" },
      this.#react,
      this.#reply,
      this.#more,
    );
    rove(this.element);
    setStop(this.element, this.#more);
  }

  update(message) {
    this.#message = message;
    this.#react.hidden = !mayReact(this.#ctx, message);
    this.#reply.hidden = !this.#mayReply();
  }

  #pickEmoji(anchor) {
    openEmojiPicker(anchor, (emoji) => react(this.#ctx, this.#message, emoji, true));
  }

  #openMenu() {
    const ctx = this.#ctx;
    const message = this.#message;
    const items = [
      mayReact(ctx, message) && { label: "Add reaction", icon: "smile", run: () => this.#pickEmoji(this.#more) },
      this.#mayReply() && { label: "Reply", icon: "reply", run: () => ctx.reply(message) },
      message.content && { label: "Copy text", icon: "copy", run: () => this.#copy(message.content, "Text copied") },
      { label: "Copy message ID", icon: "hash", run: () => this.#copy(message.id, "Message ID copied") },
      this.#mayDelete() && {
        label: "Delete message",
        icon: "trash",
        danger: true,
        confirm: "Really delete? Press again",
        run: () => deleteMessage(message, ctx),
      },
      ...this.#apps(),
    ];
    openMenu(this.#more, "Message", items.filter(Boolean));
  }

  /** The bot's commands for messages, under a heading of their own. */
  #apps() {
    const { world, acting } = this.#ctx;
    const commands = isLoading(this.#message) ? [] : world.commands.filter(({ type }) => type === MESSAGE_COMMAND);
    const items = commands.map((command) => ({
      label: localised(command, "name", world.locale),
      icon: "apps",
      run: () => acting.context(command.name, { message_id: this.#message.id }),
    }));
    return items.length ? [{ heading: "Apps" }, ...items] : [];
  }

  #mayReply() {
    const direct = this.#ctx.world.channel?.type === DM;
    return (
      !isEphemeral(this.#message) &&
      !isLoading(this.#message) &&
      (direct || this.#ctx.world.may(PERMISSION.SEND_MESSAGES))
    );
  }

  #mayDelete() {
    const own = this.#message.author.id === this.#ctx.world.viewer?.id;
    return !isEphemeral(this.#message) && (own || this.#ctx.world.may(PERMISSION.MANAGE_MESSAGES));
  }

  async #copy(text, done) {
    try {
      await navigator.clipboard.writeText(text);
      this.#ctx.announce(done);
    } catch {
      this.#ctx.announce("The browser does not let this page copy");
    }
  }
}

const MESSAGE_COMMAND = 3;
const DM = 1;
