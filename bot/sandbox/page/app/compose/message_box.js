import { Refusal } from "../core/control.js";
import { encode, UnreadableFile } from "../core/upload.js";
import { DM, PERMISSION } from "../core/world.js";
import { fill, h, iconButton } from "../dom.js";
import { Attachments } from "./attachments.js";
import { grow } from "./grow.js";
import { Picker } from "./picker.js";

/** The box for plain messages: text, files and what it replies to. */
export class MessageBox {
  #ctx;
  #list;
  #drafts;
  #draft = null;
  #sending = false;
  #picker;

  constructor(ctx, list, { drafts, onuse }) {
    this.#ctx = ctx;
    this.#list = list;
    this.#drafts = drafts;
    this.#picker = new Picker(list, { onuse: (entry, line) => this.#use(entry, line, onuse) });
    this.attachments = new Attachments({ onremove: () => this.focus() });
    this.input = h("textarea", {
      id: "composer-input",
      class: "message-input",
      rows: 1,
      role: "combobox",
      "aria-haspopup": "listbox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": list.id,
      "aria-describedby": "composer-problem",
      oninput: () => this.#typed(),
      onfocus: () => this.#picker.follow(this.input),
      onblur: () => list.closeFor(this.input),
      onkeydown: (event) => this.#key(event),
    });
    this.chooser = h("input", { type: "file", multiple: true, hidden: true, onchange: () => this.#chosen() });
    this.attachButton = iconButton("attach", "Attach files", () => this.chooser.click());
    this.commandsButton = iconButton("apps", "Commands", () => this.#toggleCommands(), {
      onmousedown: (event) => event.preventDefault(),
    });
    this.sendButton = iconButton("send", "Send message", () => this.#send(), { class: "icon-button send" });
    this.counter = h("span", { class: "message-counter count", hidden: true });
    this.replyBar = h("div", { class: "reply-bar", hidden: true });
    this.problem = h("p", { class: "composer-problem", id: "composer-problem", role: "alert" });
    this.element = h(
      "div",
      { class: "composer-box message-box" },
      this.replyBar,
      this.attachments.element,
      h(
        "div",
        { class: "message-row" },
        this.attachButton,
        this.chooser,
        this.input,
        this.counter,
        this.commandsButton,
        this.sendButton,
      ),
      this.problem,
    );
    window.addEventListener("resize", () => grow(this.input));
  }

  /** Show the draft of the present channel. */
  show(draft) {
    if (this.#draft !== draft) this.say("");
    this.#draft = draft;
    const { world } = this.#ctx;
    const refused = draft ? whyNot(world) : NO_CHANNEL;
    const files = !refused && world.may(PERMISSION.ATTACH_FILES);
    this.input.disabled = Boolean(refused);
    this.attachButton.hidden = !files;
    this.commandsButton.hidden = this.sendButton.hidden = Boolean(refused);
    this.input.placeholder = refused ?? `Message ${place(world)}`;
    this.input.setAttribute("aria-label", refused ? "Message" : this.input.placeholder);
    this.#write(refused ? "" : draft.text);
    this.attachments.show(refused ? [] : draft.files);
    this.#showReply();
  }

  /** These are the commands that the member may use here. */
  offer(entries) {
    if (this.#picker.offer(entries) && this.#list.owner === this.input) this.#picker.follow(this.input);
  }

  focus() {
    this.input.focus();
    this.input.setSelectionRange(this.input.value.length, this.input.value.length);
  }

  /** Whether the member may write here. */
  get open() {
    return !this.input.disabled;
  }

  /** Whether a file can be added. */
  get takesFiles() {
    return this.open && !this.attachButton.hidden;
  }

  reply(message) {
    if (!this.open) return;
    this.#draft.reply = message;
    this.#showReply();
    this.focus();
  }

  /** Add pasted, dropped or chosen files. */
  take(files) {
    this.say(this.attachments.add(files, this.#ctx.world.uploadLimit));
    this.focus();
  }

  /** Say what is wrong, below the box. */
  say(problem) {
    this.problem.textContent = problem;
    this.input.setAttribute("aria-invalid", String(problem !== ""));
  }

  /** Put a text into the box, as if it had been typed. */
  type(text) {
    this.#drafts.write(this.#draft, text);
    this.#write(text);
  }

  #write(text) {
    // The same text again would throw the cursor to the end.
    if (this.input.value !== text) this.input.value = text;
    this.#measure();
  }

  #typed() {
    this.#drafts.write(this.#draft, this.input.value);
    this.say("");
    this.#measure();
    this.#picker.follow(this.input);
  }

  #measure() {
    grow(this.input);
    const left = MOST_CHARACTERS - [...this.input.value].length;
    this.counter.hidden = left > COUNT_FROM;
    this.counter.textContent = String(left);
    this.counter.classList.toggle("over", left < 0);
    this.counter.title = `${left} characters left`;
  }

  #key(event) {
    if (event.isComposing || this.#picker.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#send();
    } else if (event.key === "Escape" && this.#draft?.reply) {
      event.preventDefault();
      this.#cancelReply();
    }
  }

  #use(entry, line, onuse) {
    this.#list.close();
    if (this.input.value.startsWith("/")) this.type("");
    onuse(entry, line);
  }

  #toggleCommands() {
    this.input.focus();
    const { value } = this.input;
    if (value === "" || (value === "/" && this.#list.owner === this.input)) {
      this.type(value === "" ? "/" : "");
      this.#picker.follow(this.input);
    } else this.#picker.toggle(this.input);
  }

  #chosen() {
    this.take([...this.chooser.files]);
    // The same file can be chosen again.
    this.chooser.value = "";
  }

  async #send() {
    const draft = this.#draft;
    const content = draft.text.trim();
    if (this.#sending || (content === "" && draft.files.length === 0)) return;
    const length = [...content].length;
    if (length > MOST_CHARACTERS) {
      this.say(`Your message has ${length} characters; Discord takes ${MOST_CHARACTERS}. Send it in parts.`);
      return;
    }
    this.#busy(true);
    try {
      await this.#post(draft, content);
      this.#clear(draft);
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof UnreadableFile)) throw error;
      if (draft === this.#draft) this.say(sentence(error.message));
    } finally {
      this.#busy(false);
    }
  }

  async #post(draft, content) {
    const wish = { content, channel_id: draft.channelId, user_id: this.#ctx.world.viewer.id };
    if (draft.reply) wish.reply_to = draft.reply.id;
    if (draft.files.length > 0) wish.attachments = await Promise.all(draft.files.map(({ file }) => encode(file)));
    await this.#ctx.control.post("messages", wish);
  }

  #clear(draft) {
    for (const { preview } of draft.files) preview.dispose();
    draft.files.length = 0;
    draft.reply = null;
    this.#drafts.write(draft, "");
    if (draft === this.#draft) this.show(draft);
  }

  #busy(sending) {
    this.#sending = sending;
    this.input.readOnly = sending;
    this.element.setAttribute("aria-busy", String(sending));
  }

  #showReply() {
    const message = this.open ? this.#draft.reply : null;
    this.replyBar.hidden = !message;
    if (!message) return;
    const { world, jump } = this.#ctx;
    const name = world.user(message.author.id, message.author).name;
    fill(
      this.replyBar,
      h(
        "span",
        { class: "reply-to" },
        "Replying to ",
        h("button", { type: "button", class: "reply-name", onclick: () => jump(message.channel_id, message.id) }, name),
      ),
      iconButton("close", "Cancel the reply", () => this.#cancelReply()),
    );
  }

  #cancelReply() {
    this.#draft.reply = null;
    this.#showReply();
    this.focus();
  }
}

function whyNot(world) {
  return world.may(PERMISSION.SEND_MESSAGES) ? null : "You do not have permission to send messages in this channel.";
}

function place(world) {
  return world.channel.type === DM ? `@${world.channelName(world.channel)}` : `#${world.channel.name}`;
}

function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");
}

const NO_CHANNEL = "There is no channel that you can see.";
const MOST_CHARACTERS = 2000;
const COUNT_FROM = 200;
