import { h, iconButton } from "../../dom.js";
import { OPTION } from "../command_tree.js";
import { candidates } from "./candidates.js";
import { ChoiceControl } from "./choice.js";
import { FileControl } from "./file.js";
import { SuggestControl } from "./suggest.js";
import { TextControl } from "./text.js";

/** One open option of a command form: its name, its control, what is wrong with it, and a way to take it back. */
export class Field {
  /** `list` is the shared listbox; `onchoose`, `onremove` and `ask(option, value)` are the form's. */
  constructor(option, { world, list, onchoose, onremove, ask }) {
    this.option = option;
    this.label = option.label;
    const id = `option-${option.name}`;
    this.problem = h("p", { class: "option-problem", id: `${id}-problem`, role: "alert" });
    const attributes = {
      id,
      "aria-describedby": `${this.problem.id} composer-hint`,
      "aria-required": option.required ? "true" : null,
    };
    this.control = control(option, {
      attributes,
      label: this.label,
      list,
      world,
      onchoose: () => onchoose(this),
      onchange: () => this.#changed(),
      ask: (value) => ask(option, value),
    });
    const name = h("label", { class: option.required ? "option-name required" : "option-name", for: id }, this.label);
    // Not a stop for Tab: Backspace in the empty field does the same.
    const remove = option.required
      ? null
      : iconButton("close", `Remove ${this.label}`, () => onremove(this), { tabindex: "-1" });
    this.element = h(
      "div",
      { class: `command-option ${shape(option)}`, "data-option": option.name, oninput: () => this.fault("") },
      h("div", { class: "option-box" }, name, this.control.element, remove),
      this.problem,
    );
  }

  get input() {
    return this.control.input;
  }

  get takesFile() {
    return this.option.type === OPTION.ATTACHMENT;
  }

  /** `{}`, `{value}`, `{file}` or `{problem}`, with what is required. */
  read() {
    const answer = this.control.read();
    const nothing = Object.keys(answer).length === 0;
    return nothing && this.option.required ? { problem: "This option is required." } : answer;
  }

  /** Say what is wrong; an empty text takes it back. */
  fault(problem) {
    this.problem.textContent = problem;
    // A button cannot be invalid; its problem is read out with it.
    if (!this.takesFile) this.input.setAttribute("aria-invalid", String(problem !== ""));
    this.element.classList.toggle("faulty", problem !== "");
  }

  focus() {
    this.input.focus();
    this.input.setSelectionRange?.(this.input.value.length, this.input.value.length);
  }

  #changed() {
    this.fault(this.control.read().problem ?? "");
  }
}

function control(option, parts) {
  if (option.type === OPTION.ATTACHMENT) return new FileControl({ ...parts, limit: () => parts.world.uploadLimit });
  if (candidates(option, parts.world)) return new ChoiceControl(() => candidates(option, parts.world), parts);
  return option.autocomplete ? new SuggestControl(option, parts) : new TextControl(option, parts);
}

function shape(option) {
  if (option.type === OPTION.STRING && !option.choices?.length) return option.autocomplete ? "medium" : "wide";
  return option.type === OPTION.ATTACHMENT ? "medium" : "narrow";
}
