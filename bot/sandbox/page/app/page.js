import { fill, h, iconButton } from "./dom.js";
import { Refusal } from "./core/control.js";
import { Feed } from "./core/feed.js";
import { Place } from "./core/place.js";
import { DM } from "./core/world.js";
import { History } from "./chat/history.js";
import { openModal } from "./chat/modal.js";
import { Timeline } from "./chat/timeline.js";
import { Composer } from "./compose/composer.js";
import { Drawer } from "./hood/drawer.js";
import { ChannelList } from "./shell/channels.js";
import { MemberSwitcher } from "./shell/members.js";
import { Unread } from "./core/unread.js";

/** The whole page: joins the parts and passes on what the feed tells. */
export class Page {
  #work = Promise.resolve();
  #hood = false;

  constructor({ base, control, world, acting, theme }) {
    this.world = world;
    this.acting = acting;
    this.theme = theme;
    this.place = new Place();
    this.unread = new Unread();
    this.history = new History(control);
    this.feed = new Feed(base, {
      onevent: (event, data) => this.#queue(() => this.#hear(event, data)),
      onstate: (connected) => this.#connected(connected),
    });
    const announcer = document.querySelector("#announcer");
    this.ctx = {
      control,
      world,
      acting,
      announce: (text) => (announcer.textContent = text),
      jump: (channelId, messageId) => this.#queue(() => this.#jump(channelId, messageId)),
      reply: (message) => this.composer.reply(message),
      use: (command, values) => this.composer.use(command, values),
      refused: (error) => this.#refused(error),
    };
    acting.onpending = (entry) => this.#pending(entry);
    acting.onmodal = (modal, interactionId) => openModal(this.ctx, modal, interactionId);
    this.timeline = new Timeline(this.ctx, this.history);
    this.composer = new Composer(this.ctx);
    this.channels = new ChannelList(this.ctx, { onselect: (id) => this.#queue(() => this.#enter(id)) });
    this.members = new MemberSwitcher(this.ctx, { onselect: (id) => this.#queue(() => this.#actAs(id)) });
    this.drawer = new Drawer(this.ctx, { onclose: () => this.#showHood(false) });
  }

  /** Load the world, draw everything and follow what happens. */
  async start(root) {
    const { userId, channelId } = this.place.recall();
    await this.world.load(userId, channelId);
    this.#build(root);
    this.world.addEventListener("change", () => this.#update());
    this.#update();
    this.feed.open(this.world.viewer.id);
    this.composer.focus();
  }

  #build(root) {
    this.title = h("h1", { class: "channel-title" });
    this.status = h("p", { class: "bot-status", role: "status" });
    this.banner = h("p", { class: "banner", role: "alert", hidden: true }, LOST);
    this.hoodButton = iconButton("hood", "Under the hood", () => this.#showHood(!this.#hood), { "aria-expanded": "false", class: "icon-button hood-button" });
    this.menuButton = iconButton("menu", "Channels", () => this.#showSidebar(!root.classList.contains("with-sidebar")), { "aria-expanded": "false", class: "icon-button menu-button" });
    this.root = root;
    this.sidebar = h("div", { class: "sidebar" }, this.channels.element, this.members.element);
    this.main = h(
      "main",
      { class: "main" },
      h("header", { class: "header" }, this.menuButton, this.title, this.status, this.theme.element, this.hoodButton),
      this.banner,
      this.timeline.element,
      this.composer.element,
    );
    const scrim = h("div", { class: "scrim", onclick: () => this.#showSidebar(false) });
    fill(root, this.sidebar, scrim, this.main, this.drawer.element);
    NARROW.addEventListener("change", () => this.#coverChat());
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && root.classList.contains("with-sidebar")) this.#showSidebar(false);
    });
    document.querySelector(".skip-link").addEventListener("click", (event) => {
      event.preventDefault();
      this.composer.focus();
    });
    document.addEventListener("visibilitychange", () => this.#seen());
  }

  // What must not overlap (loading, entering, hearing) is done one after the other.
  #queue(work) {
    this.#work = this.#work.then(work).catch((error) => {
      if (!(error instanceof Refusal)) throw error;
      this.#refused(error);
    });
    return this.#work;
  }

  #connected(connected) {
    this.banner.hidden = connected;
    if (connected) this.#queue(() => this.#catchUp());
  }

  /** Load what happened while nobody listened. */
  async #catchUp() {
    await this.world.load();
    const { viewer, channelId } = this.world;
    this.place.keep(viewer.id, channelId);
    await this.history.catchUp(channelId, viewer.id);
    this.timeline.refresh();
    this.#seen();
    this.drawer.update();
  }

  async #reload() {
    const { viewer, channelId } = this.world;
    this.place.keep(viewer.id, channelId);
    await this.history.load(channelId, viewer.id);
    this.timeline.reset();
    this.#seen();
  }

  async #enter(channelId) {
    this.#showSidebar(false);
    await this.world.load(this.world.viewer.id, channelId);
    this.timeline.clearNotes();
    await this.#reload();
    this.composer.focus();
  }

  async #actAs(userId) {
    this.#showSidebar(false);
    await this.world.load(userId);
    this.timeline.clearNotes();
    this.unread.clear();
    await this.#reload();
    this.feed.open(userId, { hood: this.#hood });
    this.ctx.announce(`Now acting as ${this.world.viewer.name}`);
    this.composer.focus();
  }

  async #jump(channelId, messageId) {
    if (channelId !== this.world.channelId) await this.#enter(channelId);
    if (this.timeline.reveal(messageId)) return;
    await this.history.load(channelId, this.world.viewer.id, messageId);
    this.timeline.reset({ keepPlace: true });
    if (!this.timeline.reveal(messageId)) this.#refused(new Refusal("The message is not there any more.", 404));
  }

  async #hear(event, data) {
    if (event === "message") this.#message(data);
    else if (event === "message_deleted") this.#gone(data);
    else if (event === "world") await this.world.load();
    else if (event === "commands") await this.world.loadCommands();
    else if (event === "clock") this.world.setClock(data.now);
    else if (event === "bot") this.world.setBot(data.online);
    this.drawer.hear(event, data);
  }

  #message(message) {
    const here = message.channel_id === this.world.channelId;
    const { viewer } = this.world;
    const isNew = this.unread.note(message, viewer.id, { seen: here && !document.hidden });
    if (here) {
      const arrived = isNew && !this.history.has(message.id);
      this.history.take(message);
      this.timeline.refresh({ arrived });
      if (arrived && message.author.id !== viewer.id) this.ctx.announce(`${this.world.user(message.author.id, message.author).name} wrote: ${message.content}`);
    }
    this.#showUnread();
  }

  #gone({ id, channel_id: channelId }) {
    if (channelId !== this.history.channelId) return;
    this.history.remove(id);
    this.timeline.refresh();
  }

  #seen() {
    if (!document.hidden) this.unread.read(this.world.channelId);
    this.#showUnread();
  }

  #showUnread() {
    this.channels.update(this.unread.channels);
    const { mentions } = this.unread;
    document.title = `${mentions ? `(${mentions}) ` : ""}${this.#channelLabel()} · Reelbot sandbox`;
  }

  #channelLabel() {
    const { channel } = this.world;
    if (!channel) return "no channel";
    return channel.type === DM ? this.world.channelName(channel) : `#${channel.name}`;
  }

  #update() {
    const { bot } = this.world;
    this.title.textContent = this.#channelLabel();
    this.status.textContent = `${bot.name} is ${bot.online ? "online" : "offline"}`;
    this.status.classList.toggle("online", bot.online);
    this.members.update();
    this.composer.update();
    this.#showUnread();
    this.timeline.refresh();
  }

  #pending(entry) {
    if (entry.channelId !== this.world.channelId) return;
    const used = h("span", {}, h("strong", {}, entry.user.name), " used ", h("span", { class: "command-name" }, entry.name));
    if (entry.state === "answered") this.timeline.note(entry.id, null);
    else if (entry.state === "failed") this.timeline.note(entry.id, h("div", {}, used, h("p", { class: "problem", role: "alert" }, entry.problem), ONLY_YOU()));
    else this.timeline.note(entry.id, h("div", {}, used, h("p", { class: "hint" }, "Sending…")));
  }

  #refused(error) {
    const text = error.message.charAt(0).toUpperCase() + error.message.slice(1);
    this.timeline.note(crypto.randomUUID(), h("div", {}, h("p", { class: "problem", role: "alert" }, text), ONLY_YOU()));
  }

  #showHood(open) {
    this.#hood = open;
    this.root.classList.toggle("with-hood", open);
    this.hoodButton.setAttribute("aria-expanded", String(open));
    if (open) this.drawer.open();
    else {
      this.drawer.close();
      this.hoodButton.focus();
    }
    this.feed.open(this.world.viewer.id, { hood: open });
    this.#coverChat();
  }

  /** On a phone the drawer covers the page: what lies under it must not take the focus. */
  #coverChat() {
    const covered = this.#hood && NARROW.matches;
    this.main.inert = covered;
    this.sidebar.inert = covered;
  }

  #showSidebar(open) {
    this.root.classList.toggle("with-sidebar", open);
    this.menuButton.setAttribute("aria-expanded", String(open));
  }
}

const NARROW = matchMedia("(max-width: 720px)");
const LOST = "The connection to the sandbox is lost; trying again. If you ended it, start it and open the address that it prints.";
const ONLY_YOU = () => h("p", { class: "hint" }, "Only you can see this");
