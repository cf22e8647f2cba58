import { compareIds } from "./ids.js";

/** Counts what somebody has not seen yet, by channel. */
export class Unread {
  #newest = new Map();
  #channels = new Map();

  /** `Map(channelId -> {count, mentions})`, only of channels with something unread. */
  get channels() {
    return this.#channels;
  }

  get mentions() {
    return [...this.#channels.values()].reduce((sum, channel) => sum + channel.mentions, 0);
  }

  /** Take a message from the feed; returns whether it is a new one, not a change of an old one. */
  note(message, viewerId, { seen }) {
    const id = message.channel_id;
    const isNew = compareIds(message.id, this.#newest.get(id) ?? "0") > 0 && message.edits === 0;
    if (!isNew) return false;
    this.#newest.set(id, message.id);
    if (!seen && message.author.id !== viewerId) {
      const { count = 0, mentions = 0 } = this.#channels.get(id) ?? {};
      const pinged = message.pinged.includes(viewerId);
      this.#channels.set(id, { count: count + 1, mentions: mentions + Number(pinged) });
    }
    return true;
  }

  read(channelId) {
    this.#channels.delete(channelId);
  }

  clear() {
    this.#channels.clear();
  }
}
