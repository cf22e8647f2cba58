import { h, icon } from "../dom.js";
import { openEmojiPicker } from "./emoji.js";
import { emojiName } from "./emoji_list.js";
import { isEphemeral } from "./flags.js";
import { mayReact, react } from "./reacting.js";
import { settle } from "./settle.js";

/** The reactions under a message; pressing one gives or takes back one's own. */
export class Reactions {
  #ctx;
  #views = new Map();
  #message;
  #add;

  constructor(ctx) {
    this.#ctx = ctx;
    this.element = h("div", { class: "message-reactions", role: "group", "aria-label": "Reactions" });
    const open = () => openEmojiPicker(this.#add, (emoji) => react(this.#ctx, this.#message, emoji, true));
    const props = {
      type: "button",
      class: "reaction add",
      "aria-label": "Add a reaction",
      title: "Add a reaction",
      "aria-haspopup": "dialog",
      "aria-expanded": "false",
    };
    this.#add = h("button", { ...props, onclick: open }, icon("smile"));
  }

  update(message) {
    this.#message = message;
    const reactions = isEphemeral(message) ? [] : (message.reactions ?? []);
    this.#views = new Map(reactions.map((reaction) => [keyOf(reaction.emoji), this.#view(reaction)]));
    const elements = [...this.#views.values()];
    settle(this.element, elements.length && mayReact(this.#ctx, message) ? [...elements, this.#add] : elements);
    this.element.hidden = elements.length === 0;
  }

  #view({ emoji, count, me, me_burst: burst }) {
    const key = keyOf(emoji);
    const mine = Boolean(me || burst);
    const element = this.#views.get(key) ?? this.#button(key, emoji);
    const name = emoji.id ? `:${emoji.name}:` : `${emoji.name} ${emojiName(emoji.name) ?? ""}`.trim();
    const people = count === 1 ? "1 reaction" : `${count} reactions`;
    element.title = `${name} · ${people}${mine ? ", one of them yours" : ""}`;
    element.setAttribute("aria-label", `${name}: ${people}`);
    element.setAttribute("aria-pressed", String(mine));
    element.lastElementChild.textContent = String(count);
    return element;
  }

  #button(key, { id, name }) {
    const toggle = ({ currentTarget }) => {
      const mine = currentTarget.getAttribute("aria-pressed") === "true";
      return react(this.#ctx, this.#message, key, !mine);
    };
    return h(
      "button",
      { type: "button", class: "reaction", onclick: toggle },
      h("span", { class: "reaction-emoji" }, id ? `:${name}:` : name),
      h("span", { class: "count" }),
    );
  }
}

function keyOf({ id, name }) {
  return id ? `${name}:${id}` : name;
}
