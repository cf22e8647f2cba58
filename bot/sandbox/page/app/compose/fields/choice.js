import { fitting } from "./candidates.js";
import { ComboBox } from "./combo_box.js";

/** One of a list: choices, true or false, people, roles, channels; typing searches it. */
export class ChoiceControl extends ComboBox {
  #items;
  #chosen = null;

  /** `items()` makes the present list, because members and channels come and go. */
  constructor(items, setting) {
    super(setting, { placeholder: "Choose…" });
    this.#items = items;
  }

  read() {
    if (this.text === "") return {};
    const item = this.#chosen ?? this.#named(this.text);
    return item ? { value: item.value } : { problem: "Choose one of the list." };
  }

  write(text) {
    this.input.value = text;
    this.#chosen = this.#named(text.trim());
    if (this.#chosen) this.input.value = this.#chosen.name;
  }

  /** The focus came: an answer that stands needs no list. */
  enter() {
    if (!this.#chosen) this.open();
  }

  /** Show the list, whole when an answer stands. */
  open() {
    const typed = this.#chosen ? "" : this.text;
    const items = fitting(this.#items(), typed);
    const active = Math.max(
      0,
      items.findIndex((item) => item.value === this.#chosen?.value),
    );
    this.list.show(this.input, {
      label: this.label,
      items,
      active,
      note: items.length > 0 ? "" : "Nothing fits",
      onchoose: (item) => this.choose(item),
    });
  }

  leave() {
    this.list.closeFor(this.input);
    if (!this.#chosen) this.write(this.input.value);
  }

  clicked() {
    this.open();
  }

  typed() {
    this.#chosen = null;
    this.open();
  }

  take(item) {
    this.#chosen = item;
    this.input.value = item.name;
    this.list.close();
  }

  #named(text) {
    const wanted = text.replace(/^[@#]/, "").toLocaleLowerCase();
    const items = this.#items();
    return (
      items.find(
        (item) =>
          item.name.toLocaleLowerCase() === wanted || item.name.toLocaleLowerCase() === text.toLocaleLowerCase(),
      ) ??
      items.find((item) => String(item.value).toLocaleLowerCase() === wanted) ??
      null
    );
  }
}
