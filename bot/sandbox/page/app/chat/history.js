import { compareIds } from "../core/ids.js";

/** The loaded messages of one channel as one member sees them, oldest first. */
export class History {
  #messages = new Map();
  #complete = false;

  constructor(control) {
    this.control = control;
    this.channelId = null;
    this.userId = null;
  }

  get list() {
    return [...this.#messages.values()].sort((a, b) => compareIds(a.id, b.id));
  }

  /** Whether the channel's first message is loaded. */
  get complete() {
    return this.#complete;
  }

  has(id) {
    return this.#messages.has(id);
  }

  /** Load the newest messages of a channel, or everything since one of them. */
  async load(channelId, userId, since = null) {
    const window = since === null ? { limit: PAGE } : { after: String(BigInt(since) - 1n) };
    const found = await this.#ask({ channel_id: channelId, user_id: userId, ...window });
    const knowsBeginning = this.#complete && this.#shows(channelId, userId);
    this.channelId = channelId;
    this.userId = userId;
    this.#complete = since === null ? found.length < PAGE : knowsBeginning;
    this.#messages = new Map(found.map((message) => [message.id, message]));
  }

  /** Load what is shown anew, as far back as it reaches. */
  async catchUp(channelId, userId) {
    const first = this.#shows(channelId, userId) ? this.list[0]?.id : null;
    await this.load(channelId, userId, first ?? null);
  }

  #shows(channelId, userId) {
    return this.channelId === channelId && this.userId === userId;
  }

  /** Load what stands before the first loaded message. */
  async loadOlder() {
    const first = this.list[0];
    if (!first || this.#complete) return;
    const found = await this.#ask({ channel_id: this.channelId, user_id: this.userId, before: first.id, limit: PAGE });
    this.#complete = found.length < PAGE;
    for (const message of found) this.#messages.set(message.id, message);
  }

  /** Take a message that is new or changed; old ones that were never loaded stay out. */
  take(message) {
    const first = this.list[0];
    if (first && !this.#complete && compareIds(message.id, first.id) < 0) return;
    this.#messages.set(message.id, message);
    this.#quote(message.id, message);
  }

  remove(id) {
    this.#messages.delete(id);
    this.#quote(id, null);
  }

  /** Show in the replies to a message what became of it. */
  #quote(id, original) {
    for (const [key, reply] of this.#messages) {
      if (reply.message_reference?.message_id === id) this.#messages.set(key, { ...reply, referenced_message: original });
    }
  }

  #ask(query) {
    return this.control.get("messages", { history: "0", ...query });
  }
}

const PAGE = 50;
