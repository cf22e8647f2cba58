import { fill, h, iconButton } from "../dom.js";
import { MessageView } from "./message.js";
import { Welcome } from "./welcome.js";

/**
 * The scrolling list of messages. It stays at the end while the reader is there, keeps its place otherwise, and
 * changes messages where they stand.
 */
export class Timeline {
  #views = new Map();
  #notes = new Map();
  #stuck = true;
  #unseen = 0;
  #loadingOlder = false;

  constructor(ctx, history) {
    this.ctx = ctx;
    this.history = history;
    this.welcome = new Welcome(ctx);
    this.older = h("div", { class: "timeline-older", role: "status" });
    this.list = h("ol", { class: "messages", "aria-label": "Messages" });
    this.notes = h("ol", { class: "messages notes", "aria-label": "Notes that only you see" });
    this.inner = h("div", { class: "timeline-inner" }, this.older, this.welcome.element, this.list, this.notes);
    this.scroller = h("div", { class: "timeline", tabindex: "0", role: "region", "aria-label": "Channel", onscroll: () => this.#scrolled() }, this.inner);
    this.present = h("button", { type: "button", class: "button primary to-present", hidden: true, onclick: () => this.#toEnd() });
    this.element = h("div", { class: "timeline-frame" }, this.scroller, this.present);
    new ResizeObserver(() => this.#settle()).observe(this.inner);
    new ResizeObserver(() => this.#settle()).observe(this.scroller);
  }

  /** Show the history from scratch: another channel, another member, a new connection. */
  reset({ keepPlace = false } = {}) {
    this.#views.clear();
    this.#unseen = 0;
    if (!keepPlace) this.#stuck = true;
    fill(this.list);
    this.refresh();
    this.#settle();
  }

  /** Bring the list in line with the history; only what differs is touched. */
  refresh({ arrived = null } = {}) {
    const messages = this.history.list;
    const wanted = new Set(messages.map((message) => message.id));
    for (const [id, view] of this.#views) {
      if (!wanted.has(id)) {
        view.element.remove();
        this.#views.delete(id);
      }
    }
    for (const divider of this.list.querySelectorAll(".day")) divider.remove();
    let before = null;
    let cursor = null;
    for (const message of messages) {
      const element = this.#viewOf(message, before);
      const follows = cursor ? cursor.nextElementSibling : this.list.firstElementChild;
      if (follows !== element) this.list.insertBefore(element, follows);
      if (!before || dayOf(before) !== dayOf(message)) element.before(this.#divider(message));
      cursor = element;
      before = message;
    }
    this.welcome.show({ channel: this.ctx.world.channel, complete: this.history.complete, empty: messages.length === 0 });
    if (arrived && !this.#stuck) this.#unseen += 1;
    this.#showPresent();
  }

  /** Add, change or remove (with null) a note that only this reader sees. */
  note(id, element) {
    this.#notes.get(id)?.remove();
    this.#notes.delete(id);
    if (!element) return;
    const dismiss = iconButton("close", "Dismiss this note", () => this.note(id, null));
    const item = h("li", { class: "note" }, h("div", { class: "note-text" }, element), dismiss);
    this.#notes.set(id, item);
    this.notes.append(item);
    this.#toEnd();
  }

  clearNotes() {
    this.#notes.clear();
    fill(this.notes);
  }

  /** Scroll to a message and mark it; false when it is not loaded. */
  reveal(id) {
    const view = this.#views.get(id);
    if (!view) return false;
    this.#stuck = false;
    view.element.scrollIntoView({ block: "center", behavior: "instant" });
    view.element.classList.remove("marked");
    requestAnimationFrame(() => view.element.classList.add("marked"));
    return true;
  }

  #viewOf(message, before) {
    const grouped = belongsTo(before, message);
    const view = this.#views.get(message.id);
    if (view) {
      view.update(message, { grouped });
      return view.element;
    }
    const made = new MessageView(message, this.ctx, { grouped });
    this.#views.set(message.id, made);
    return made.element;
  }

  #divider(message) {
    const date = new Date(message.timestamp);
    const text = date.toLocaleDateString(this.ctx.world.locale, { dateStyle: "long" });
    return h("li", { class: "day" }, text);
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    this.#stuck = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    if (this.#stuck) this.#unseen = 0;
    this.#showPresent();
    if (scrollTop < OLDER_PX && !this.history.complete && !this.#loadingOlder) this.#loadOlder();
  }

  async #loadOlder() {
    this.#loadingOlder = true;
    this.older.textContent = "Loading older messages…";
    const fromEnd = this.scroller.scrollHeight - this.scroller.scrollTop;
    try {
      await this.history.loadOlder();
      this.refresh();
      this.scroller.scrollTop = this.scroller.scrollHeight - fromEnd;
      this.older.textContent = "";
    } catch {
      this.older.textContent = "Older messages could not be loaded.";
    } finally {
      this.#loadingOlder = false;
    }
  }

  /** After anything changed its height: stay at the end if the reader was there. */
  #settle() {
    if (this.#stuck) this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  #toEnd() {
    this.#stuck = true;
    this.#unseen = 0;
    this.#settle();
    this.#showPresent();
  }

  #showPresent() {
    this.present.hidden = this.#stuck;
    this.present.textContent = this.#unseen > 0 ? `${this.#unseen} new ↓` : "To the newest ↓";
  }
}

const NEAR_PX = 48;
const OLDER_PX = 200;
const GROUP_MS = 7 * 60 * 1000;

function dayOf(message) {
  return new Date(message.timestamp).toDateString();
}

/** Whether a message goes on under the head of the one before it. */
function belongsTo(before, message) {
  return (
    before !== null &&
    before.author.id === message.author.id &&
    before.visible_to === message.visible_to &&
    dayOf(before) === dayOf(message) &&
    new Date(message.timestamp) - new Date(before.timestamp) < GROUP_MS &&
    !message.message_reference &&
    !message.interaction &&
    !before.interaction
  );
}
