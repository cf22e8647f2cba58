import { h, iconButton } from "../dom.js";

/** The button "New channel" and the line that asks for its name; `onmade(channel)` runs with the answer. */
export class NewChannel {
  #ctx;
  #onmade;
  #input;
  #problem = h("p", { id: "new-channel-problem", class: "problem", role: "alert" });

  constructor(ctx, { onmade }) {
    this.#ctx = ctx;
    this.#onmade = onmade;
    this.#input = h("input", {
      class: "input",
      id: "new-channel-name",
      placeholder: "Name, then Enter",
      maxlength: MOST_CHARACTERS,
      autocomplete: "off",
      "aria-describedby": this.#problem.id,
    });
    const onsubmit = (event) => this.#make(event);
    const onkeydown = (event) => this.#leave(event);
    this.element = h("form", { class: "new-channel", hidden: true, onsubmit, onkeydown },
      h("label", { class: "hidden-text", for: this.#input.id }, "Name of the new channel"), this.#input, this.#problem);
    this.button = iconButton("attach", "New channel", () => this.#toggle(), { "aria-expanded": "false" });
  }

  #toggle(open = this.element.hidden) {
    this.element.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    this.#say("");
    if (open) this.#input.focus();
    else this.#input.value = "";
  }

  #leave(event) {
    if (event.key !== "Escape") return;
    event.stopPropagation(); // the sidebar of a phone would close with it
    this.#toggle(false);
    this.button.focus();
  }

  async #make(event) {
    event.preventDefault();
    const name = asDiscordNames(this.#input.value);
    if (!name) {
      this.#say("Give the channel a name.");
      return;
    }
    this.#input.readOnly = true;
    try {
      const channel = await this.#ctx.control.post("channels", { name });
      this.#toggle(false);
      await this.#onmade(channel);
    } catch (error) {
      this.#say(error.message);
    } finally {
      this.#input.readOnly = false;
    }
  }

  #say(problem) {
    this.#problem.textContent = problem;
    this.#input.setAttribute("aria-invalid", String(Boolean(problem)));
  }
}

const MOST_CHARACTERS = 100;

// Discord's client turns spaces into dashes and capitals into small letters.
function asDiscordNames(text) {
  return text.trim().replace(/^#+/, "").toLowerCase().replace(/\s+/g, "-");
}
