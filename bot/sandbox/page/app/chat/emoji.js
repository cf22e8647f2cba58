import { fill, h } from "../dom.js";
import { EMOJI } from "./emoji_list.js";
import { isEmoji } from "./emoji_text.js";
import { Popover } from "./popover.js";
import { rove, setStop } from "./roving.js";

/** Let a person pick an emoji beside a button; one that is typed or pasted in the search counts too. */
export function openEmojiPicker(anchor, onpick) {
  new EmojiPicker(anchor, onpick).focus();
}

class EmojiPicker {
  #popover;
  #onpick;
  #search;
  #name = h("p", { class: "emoji-name", "aria-hidden": "true" });
  #grid = h("div", { class: "emoji-grid", role: "group", "aria-label": "Emoji" });
  #found = h("p", { class: "hidden-text", role: "status" });

  constructor(anchor, onpick) {
    this.#onpick = onpick;
    const props = {
      type: "search",
      class: "input",
      placeholder: "Search, or paste any emoji",
      "aria-label": "Search emoji, or paste any",
      autocomplete: "off",
    };
    this.#search = h("input", { ...props, oninput: () => this.#draw(), onkeydown: (event) => this.#key(event) });
    const picker = h(
      "div",
      { class: "emoji-picker", role: "dialog", "aria-label": "Pick an emoji" },
      this.#search,
      this.#grid,
      this.#name,
      this.#found,
    );
    this.#draw();
    rove(this.#grid, { columns: () => this.#columns(), onleave: (step) => step < 0 && this.#search.focus() });
    this.#popover = new Popover(anchor, picker, { class: "emoji-popover" });
  }

  focus() {
    this.#search.focus();
  }

  #draw() {
    const text = this.#search.value.trim();
    const words = text.toLowerCase().replaceAll(":", "");
    const typed = isEmoji(text) ? [[text, "what you typed"]] : [];
    const known = EMOJI.filter(([emoji, name]) => name.includes(words) || emoji === text);
    const some = known.length ? known : typed;
    const none = h("p", { class: "listbox-empty" }, "Nothing found. You can paste any emoji here.");
    fill(this.#grid, some.length ? some.map(([emoji, name]) => this.#button(emoji, name)) : none);
    setStop(this.#grid);
    this.#found.textContent = text ? `${some.length} found` : "";
    this.#tell(some[0]?.[1] ?? "");
  }

  #button(emoji, name) {
    const tell = () => this.#tell(name);
    const props = {
      type: "button",
      class: "emoji-button",
      "aria-label": name.split(",")[0],
      onclick: () => this.#pick(emoji),
    };
    return h("button", { ...props, onfocus: tell, onpointerenter: tell }, emoji);
  }

  #key(event) {
    const first = this.#grid.querySelector("button");
    if (event.isComposing || (event.key !== "ArrowDown" && event.key !== "Enter")) return;
    event.preventDefault();
    if (event.key === "ArrowDown") first?.focus();
    else first?.click();
  }

  #pick(emoji) {
    this.#popover.close();
    this.#onpick(emoji);
  }

  #tell(name) {
    this.#name.textContent = name.split(",")[0];
  }

  #columns() {
    return getComputedStyle(this.#grid).gridTemplateColumns.split(" ").length;
  }
}
