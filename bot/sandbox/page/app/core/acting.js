import { Refusal } from "./control.js";

/**
 * What the acting member does to the bot. Failures come back as Discord words them; `onpending(entry)` shows a
 * command that waits or failed in the channel, `onmodal(modal, interactionId)` opens a modal.
 */
export class Acting {
  constructor(control, world) {
    this.control = control;
    this.world = world;
    this.onpending = () => {};
    this.onmodal = () => {};
  }

  /** Use a slash command; resolves when the bot answered or did not. `shown` is how the command was typed. */
  command(command, options, shown) {
    return this.#inChannel("invoke", { command, options }, `/${command}`, shown);
  }

  /** Use a command of a message's or a member's menu. */
  context(command, target) {
    return this.#inChannel("context", { command, ...target }, command, "");
  }

  /** Ask the bot for suggestions; resolves to `[{name, value}]`, or null when it did not answer. */
  async suggestions(command, option, value, options) {
    try {
      return await this.control.post("autocomplete", { command, option, value, options, ...this.#here() });
    } catch (error) {
      if (error instanceof Refusal) return null;
      throw error;
    }
  }

  /** Press a button or choose in a select; resolves to null or the sentence that Discord would show. */
  async component(message, customId, values = undefined) {
    const wish = { message_id: message.id, custom_id: customId, values, user_id: this.world.viewer.id };
    try {
      const answer = await this.control.post("click", wish);
      if (answer.modal) this.onmodal(answer.modal, answer.interaction_id);
      return answer.error ? FAILED : null;
    } catch (error) {
      return sentence(error);
    }
  }

  /** Send a modal; resolves to null or the sentence that Discord would show in it. */
  async submit(interactionId, values) {
    try {
      const answer = await this.control.post("submit", { interaction_id: interactionId, values });
      return answer.error ? WENT_WRONG : null;
    } catch (error) {
      return sentence(error);
    }
  }

  async #inChannel(path, wish, name, shown) {
    const entry = { id: crypto.randomUUID(), name, shown, user: this.world.viewer, channelId: this.world.channelId, state: "sending", problem: null };
    this.onpending(entry);
    const end = (state, problem = null) => this.onpending({ ...entry, state, problem });
    try {
      const answer = await this.control.post(path, { ...wish, ...this.#here() });
      if (answer.modal) this.onmodal(answer.modal, answer.interaction_id);
      end(answer.error ? "failed" : "answered", answer.error ?? null);
      return !answer.error;
    } catch (error) {
      end("failed", sentence(error));
      return false;
    }
  }

  #here() {
    return { user_id: this.world.viewer.id, channel_id: this.world.channelId };
  }
}

const FAILED = "This interaction failed";
const WENT_WRONG = "Something went wrong. Try again.";

function sentence(error) {
  if (!(error instanceof Refusal)) throw error;
  const text = error.message;
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");
}
