import { fill, h } from "../dom.js";
import { CommandForm } from "./command_form.js";
import { flatten } from "./command_tree.js";
import { Drafts } from "./draft.js";
import { DropZone } from "./drop_zone.js";
import { Listbox } from "./listbox.js";
import { MessageBox } from "./message_box.js";
import { carried } from "./upload.js";

/** Where the member writes: plain messages, or a slash command with its options. */
export class Composer {
  #ctx;
  #drafts = new Drafts();
  #draft = null;
  #entries = [];
  #list = new Listbox("composer-list");
  #hints = h("div", { class: "composer-hints" });
  #stage = h("div", { class: "composer-stage" });
  #offline = h("p", { class: "composer-offline" });
  #box;

  constructor(ctx) {
    this.#ctx = ctx;
    this.#box = new MessageBox(ctx, this.#list, {
      drafts: this.#drafts,
      onuse: (entry, line) => this.#open(entry, line),
    });
    const drop = new DropZone({ goal: () => this.#goal(), ondrop: (transfer) => this.#take(transfer) });
    document.addEventListener("paste", (event) => this.#paste(event));
    const panel = h("div", { class: "composer-panel" }, this.#offline, this.#hints, this.#list.element);
    this.element = h("section", { class: "composer", "aria-label": "Write" }, panel, this.#stage, drop.element);
  }

  /** Show the world as it is now: other member, channel, commands, permissions. */
  update() {
    const { world } = this.#ctx;
    this.#draft = world.channelId ? this.#drafts.of(world.channelId) : null;
    this.#entries = flatten(world.commands, world.locale);
    this.#box.offer(this.#entries);
    this.#box.show(this.#draft);
    if (this.#form && !(this.#box.open && this.#entries.some((entry) => this.#form.fits(entry))))
      this.#draft.formOpen = false;
    this.#offline.textContent = `${world.bot.name} is offline; commands will not be answered.`;
    this.#offline.hidden = world.bot.online;
    this.#show();
  }

  focus() {
    if (this.#form) this.#form.focus();
    else this.#box.focus();
  }

  /** Begin a reply. */
  reply(message) {
    if (this.#form) this.#leave(this.#draft);
    this.#box.reply(message);
  }

  /** Begin a command ("story add"); `given` names an option to open, or is an object of option names and texts. */
  use(command, given = {}) {
    const entry = this.#entries.find((one) => one.path === command);
    if (!entry || !this.#box.open) {
      this.#box.say(`You cannot use /${command} here.`);
      return;
    }
    const texts = typeof given === "string" ? { [given]: "" } : given;
    this.#open(entry, "");
    this.#draft.form.write(Object.entries(texts).map(([name, text]) => ({ name, text })));
    this.#draft.form.focus(typeof given === "string" ? given : null);
  }

  get #form() {
    return this.#draft?.formOpen ? this.#draft.form : null;
  }

  #open(entry, line) {
    const draft = this.#draft;
    // A form that was left is still filled.
    if (!draft.form?.fits(entry)) {
      draft.form?.dispose();
      const form = new CommandForm(this.#ctx, entry, {
        list: this.#list,
        onleave: (text = "") => this.#leave(draft, text),
        onanswered: () => this.#answered(draft, form),
      });
      draft.form = form;
    }
    draft.formOpen = true;
    this.#show();
    draft.form.type(line);
    draft.form.focus();
  }

  #leave(draft, text = "") {
    draft.formOpen = false;
    this.#list.close();
    this.#show();
    if (text) this.#box.type(text);
    this.#box.focus();
  }

  #answered(draft, form) {
    form.dispose();
    // Another command was begun meanwhile.
    if (draft.form !== form) return;
    draft.form = null;
    draft.formOpen = false;
    if (draft !== this.#draft) return;
    const present = document.activeElement;
    // Someone who went elsewhere meanwhile is not called back.
    const free = present === document.body || this.element.contains(present);
    this.#show();
    if (free) this.#box.focus();
  }

  #show() {
    const shown = this.#form ?? this.#box;
    if (this.#stage.firstChild === shown.element) return;
    this.#list.close();
    fill(this.#stage, shown.element);
    fill(this.#hints, this.#form?.hint);
    // Out of the page the box could not measure its text.
    if (shown === this.#box) this.#box.show(this.#draft);
  }

  #goal() {
    if (this.#form) return `Add to /${this.#form.entry.name}`;
    return this.#box.takesFiles ? "Add to the message" : null;
  }

  #paste(event) {
    const foreign =
      event.target.closest?.("input, textarea, [contenteditable]") && !this.element.contains(event.target);
    if (foreign || document.querySelector("dialog[open]") || !event.clipboardData?.files.length || !this.#goal())
      return;
    event.preventDefault();
    this.#take(event.clipboardData);
  }

  #take(transfer) {
    const { files, problem } = carried(transfer);
    const target = this.#form ?? this.#box;
    if (files.length > 0) target.take(files);
    if (problem) target.say(problem);
  }
}
