import { leading, search } from "./command_tree.js";

/** The slash commands above the message box: opened by "/" as the first character, or by the button. */
export class Picker {
  #list;
  #onuse;
  #entries = [];
  #closedByHand = false;

  /** `onuse(entry, line)` gets the chosen command and what was typed behind its name. */
  constructor(list, { onuse }) {
    this.#list = list;
    this.#onuse = onuse;
  }

  /** These are the commands that the member may use here; true when they are others than before. */
  offer(entries) {
    const others = JSON.stringify(entries) !== JSON.stringify(this.#entries);
    this.#entries = entries;
    return others;
  }

  /** Follow what stands in the message box. */
  follow(input) {
    const text = input.value;
    if (!text.startsWith("/") || text.includes("\n")) {
      this.#closedByHand = false;
      this.#list.closeFor(input);
      return;
    }
    if (this.#closedByHand) return;
    const named = leading(this.#entries, text);
    if (named) this.#onuse(named.entry, named.rest);
    else this.#show(input, text.slice(1));
  }

  /** Show all commands, or hide them. */
  toggle(input) {
    if (this.#list.owner === input) this.#list.close();
    else this.#show(input, "");
  }

  /** Take a key for the list; true when it was one. */
  key(event) {
    const open = this.#list.owner === event.target;
    if (open && event.key === "Tab" && !event.shiftKey && this.#list.active) {
      event.preventDefault();
      this.#list.choose();
      return true;
    }
    const taken = this.#list.key(event);
    if (taken && event.key === "Escape") this.#closedByHand = true;
    return taken;
  }

  #show(input, typed) {
    const items = search(this.#entries, typed).map((entry) => item(entry));
    const note =
      items.length > 0
        ? ""
        : typed.trim()
          ? `No command called “/${typed.trim()}”`
          : "There are no commands for you here.";
    this.#list.show(input, { label: "Commands", items, note, onchoose: ({ value }) => this.#onuse(value, "") });
  }
}

function item(entry) {
  const required = entry.options.filter((option) => option.required).map((option) => option.label);
  return { value: entry, name: `/${entry.name}`, detail: entry.about, tags: required };
}
