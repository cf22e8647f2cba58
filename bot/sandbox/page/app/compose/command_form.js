import { encode, UnreadableFile } from "../core/upload.js";
import { fill, h, icon, iconButton } from "../dom.js";
import { Adders } from "./adders.js";
import { assign, trailing } from "./command_line.js";
import { OPTION } from "./command_tree.js";
import { Field } from "./fields/field.js";
import { limits } from "./option_value.js";

/** A chosen slash command with its options as fields. */
export class CommandForm {
  #ctx;
  #list;
  #fields = [];
  #sending = false;
  #channelId;
  #onleave;
  #onanswered;

  constructor(ctx, entry, { list, onleave, onanswered }) {
    this.#ctx = ctx;
    this.#list = list;
    this.#channelId = ctx.world.channelId;
    this.#onleave = onleave;
    this.#onanswered = onanswered;
    this.entry = entry;
    this.hint = h("p", { class: "composer-hint", id: "composer-hint", hidden: true });
    this.rows = h("div", { class: "command-fields" });
    this.adders = new Adders({ onadd: (option) => this.#add(option) });
    this.problem = h("p", { class: "composer-problem", role: "alert" });
    this.sendButton = h(
      "button",
      { type: "submit", class: "icon-button send", "aria-label": `Send /${entry.name}`, title: "Send" },
      icon("send"),
    );
    this.element = h(
      "form",
      {
        class: "composer-box command-form",
        "aria-label": `/${entry.name}`,
        novalidate: true,
        onsubmit: (event) => this.#submit(event),
        onkeydown: (event) => this.#key(event),
        oninput: (event) => this.#typed(event),
        onfocusin: (event) => this.#entered(event),
        onfocusout: (event) => this.#left(event),
      },
      h(
        "div",
        { class: "command-parts" },
        h("span", { class: "command-title" }, `/${entry.name}`),
        this.rows,
        this.adders.element,
      ),
      h(
        "div",
        { class: "command-actions" },
        iconButton("close", `Leave /${entry.name}`, () => onleave()),
        this.sendButton,
      ),
      this.problem,
    );
    for (const option of entry.options.filter((one) => one.required)) this.#open(option);
    this.#showAdders();
  }

  /** Whether this is the form of a command as it is registered now. */
  fits(entry) {
    return JSON.stringify(entry) === JSON.stringify(this.entry);
  }

  /** Put texts into the options, `[{name, text}]`, opening those that are not yet. */
  write(given) {
    for (const { name, text } of given) {
      const option = this.entry.options.find((one) => one.name === name);
      if (!option) continue;
      const field = this.#field(option) ?? this.#open(option);
      if (text) field.control.write(text);
    }
    this.#showAdders();
  }

  /** Type a line as behind the command's name: "a red fox size: 1280x720". */
  type(line) {
    this.write(assign(line, this.entry.options));
  }

  /** Go to an option, or to the first one that waits for a value. */
  focus(name = null) {
    const named = this.#fields.find((field) => field.option.name === name);
    const waiting = this.#fields.find((field) => field.option.required && field.control.blank);
    const field = named ?? waiting ?? this.#fields.at(-1);
    (field ?? this.sendButton).focus();
  }

  /** Give pasted or dropped files to the options that wait for one. */
  take(files) {
    this.problem.textContent = "";
    for (const file of files) {
      const field = this.#waitingForFile();
      if (!field) {
        this.problem.textContent = `No option of /${this.entry.name} is left for “${file.name}”.`;
        return;
      }
      field.control.take(file);
      this.#ctx.announce(`${field.label}: ${file.name}`);
    }
  }

  /** Let go of what the fields hold. */
  dispose() {
    this.#list.close();
    for (const field of this.#fields) field.control.dispose?.();
  }

  say(problem) {
    this.problem.textContent = problem;
  }

  #open(option) {
    const field = new Field(option, {
      world: this.#ctx.world,
      list: this.#list,
      onchoose: (chosen) => this.#chose(chosen),
      onremove: (gone) => this.#remove(gone),
      ask: (focused, value) =>
        this.#ctx.acting.suggestions(this.entry.path, focused.name, value, this.#others(focused)),
    });
    this.#fields.push(field);
    this.rows.append(field.element);
    return field;
  }

  #field(option) {
    return this.#fields.find((field) => field.option === option);
  }

  #fieldAt(node) {
    return this.#fields.find((field) => field.element.contains(node));
  }

  #add(option) {
    const field = this.#open(option);
    this.#showAdders();
    field.focus();
  }

  #remove(field) {
    const before = this.#fields[this.#fields.indexOf(field) - 1];
    this.#list.closeFor(field.input);
    field.control.dispose?.();
    this.#fields.splice(this.#fields.indexOf(field), 1);
    field.element.remove();
    this.#showAdders();
    this.focus(before?.option.name);
  }

  #showAdders() {
    this.adders.show(this.entry.options.filter((option) => !this.#field(option)));
  }

  // A choice was made: on to the next option that has to be given.
  #chose(field) {
    field.fault("");
    const next = this.#fields.find((one) => one !== field && one.option.required && one.control.blank);
    next?.focus();
  }

  #waitingForFile() {
    const open = this.#fields.filter((field) => field.takesFile);
    const focused = open.find((field) => field.input === document.activeElement);
    if (focused?.control.blank) return focused;
    const empty = open.find((field) => field.control.blank);
    if (empty) return empty;
    const closed = this.entry.options.find((option) => option.type === OPTION.ATTACHMENT && !this.#field(option));
    if (closed) {
      const field = this.#open(closed);
      this.#showAdders();
      return field;
    }
    // Another picture for the one that is being looked at.
    return focused ?? null;
  }

  // The other options as they stand; a file does not go along with a question for suggestions.
  #others(option) {
    const given = this.#fields
      .filter((field) => field.option !== option)
      .map((field) => [field.option.name, field.control.read().value]);
    return Object.fromEntries(given.filter(([, value]) => value !== undefined));
  }

  #typed(event) {
    this.problem.textContent = "";
    const field = this.#fieldAt(event.target);
    const { value, selectionEnd } = event.target;
    if (!event.data?.endsWith(":") || selectionEnd !== value.length) return;
    const free = this.entry.options.filter(
      (option) => option === field.option || (this.#field(option)?.control.blank ?? true),
    );
    const named = trailing(value, free);
    if (!named || (named.option === field.option && named.text !== "")) return;
    field.control.write(named.text);
    const wanted = this.#field(named.option);
    if (wanted) wanted.focus();
    else this.#add(named.option);
  }

  #key(event) {
    if (event.isComposing) return;
    // The key that chose the command, still held, must not send it.
    if (event.key === "Enter" && event.repeat) {
      event.preventDefault();
      return;
    }
    const field = this.#fieldAt(event.target);
    if (field?.control.key?.(event)) return;
    if (event.key === "Escape") {
      event.preventDefault();
      this.#onleave();
    } else if (field && event.key === "Enter") this.#enter(event, field);
    else if (field && event.key === "Backspace" && field.control.blank && !event.repeat) this.#backspace(event, field);
  }

  #enter(event, field) {
    // Enter on an empty file option chooses the file, as on any button.
    if (field.takesFile && field.control.blank) return;
    event.preventDefault();
    this.#send();
  }

  #backspace(event, field) {
    event.preventDefault();
    if (!field.option.required) this.#remove(field);
    else if (this.#fields.every((one) => one.control.blank)) this.#onleave(`/${this.entry.name}`);
  }

  #entered(event) {
    const field = this.#fieldAt(event.target);
    this.hint.hidden = false;
    if (field) {
      const facts = [field.option.about, limits(field.option, this.#ctx.world.uploadLimit)].filter(Boolean);
      fill(this.hint, h("strong", {}, field.label), " ", facts.join(" · "));
    } else fill(this.hint, h("strong", {}, `/${this.entry.name}`), " ", this.entry.about);
    if (field && event.target === field.input) field.control.enter?.();
  }

  #left(event) {
    this.#fieldAt(event.target)?.control.leave?.();
    if (!this.element.contains(event.relatedTarget)) this.hint.hidden = true;
  }

  #submit(event) {
    event.preventDefault();
    this.#send();
  }

  async #send() {
    if (this.#sending) return;
    const answers = this.#fields.map((field) => ({ field, ...field.read() }));
    for (const { field, problem } of answers) field.fault(problem ?? "");
    const faulty = answers.find(({ problem }) => problem);
    if (faulty) {
      faulty.field.focus();
      return;
    }
    const last = document.activeElement;
    this.#busy(true);
    let answered = false;
    try {
      answered = await this.#invoke(answers);
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      this.say(error.message);
    } finally {
      this.#busy(false);
    }
    if (answered) this.#onanswered();
    else if (document.activeElement === document.body) (this.element.contains(last) ? last : this.sendButton).focus();
  }

  async #invoke(answers) {
    const given = answers.filter(({ value, file }) => value !== undefined || file);
    const shown = given.map(({ field }) => `${field.label}: ${field.control.text}`).join("  ");
    const values = await Promise.all(
      given.map(async ({ field, value, file }) => [field.option.name, file ? await encode(file) : value]),
    );
    // Files take a moment; the command must not go to a channel that was entered meanwhile.
    if (this.#ctx.world.channelId !== this.#channelId) return false;
    return this.#ctx.acting.command(this.entry.path, Object.fromEntries(values), shown);
  }

  #busy(sending) {
    this.#sending = sending;
    this.#list.close();
    this.element.inert = sending;
    this.element.setAttribute("aria-busy", String(sending));
  }
}
