/** What is being written, channel by channel. Texts outlive a reload of the tab; files, replies and forms do not. */
export class Drafts {
  #store;
  #drafts = new Map();

  constructor(store = sessionStorage) {
    this.#store = store;
  }

  /** The draft of a channel: `{channelId, text, files, reply, form, formOpen}`. */
  of(channelId) {
    if (!this.#drafts.has(channelId)) {
      const text = this.#store.getItem(PREFIX + channelId) ?? "";
      this.#drafts.set(channelId, { channelId, text, files: [], reply: null, form: null, formOpen: false });
    }
    return this.#drafts.get(channelId);
  }

  /** Keep the text of a draft. */
  write(draft, text) {
    draft.text = text;
    if (text) this.#store.setItem(PREFIX + draft.channelId, text);
    else this.#store.removeItem(PREFIX + draft.channelId);
  }
}

const PREFIX = "composer.draft.";
