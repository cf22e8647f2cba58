import { UnreadableFile } from "../core/upload.js";
import { h, iconButton } from "../dom.js";
import { renderMarkdown } from "./markdown.js";
import { fieldOf } from "./modal_field.js";

/** Open a modal that the bot answered with; what is typed stays until it was taken or the person cancels. */
export function openModal(ctx, modal, interactionId) {
  new Modal(ctx, modal, interactionId).open();
}

class Modal {
  #ctx;
  #interactionId;
  #fields = [];
  #dialog;
  #problem = h("p", { class: "failure", role: "alert" });
  #submit = h("button", { type: "submit", class: "button primary" }, "Submit");
  #busy = false;

  constructor(ctx, modal, interactionId) {
    this.#ctx = ctx;
    this.#interactionId = interactionId;
    const titleId = `modal-${interactionId}`;
    const close = () => this.#dialog.close();
    const form = h(
      "form",
      { class: "modal-form", novalidate: true, onsubmit: (event) => this.#send(event) },
      h(
        "header",
        { class: "modal-head" },
        h(
          "div",
          { class: "modal-titles" },
          h("h2", { class: "modal-title", id: titleId }, modal.title),
          h("p", { class: "hint" }, ctx.world.bot?.name ?? "The bot"),
        ),
        iconButton("close", "Close", close),
      ),
      h(
        "div",
        { class: "modal-parts" },
        (modal.components ?? []).map((part) => this.#part(part)),
      ),
      h(
        "footer",
        { class: "modal-foot" },
        this.#problem,
        h("button", { type: "button", class: "button", onclick: close }, "Cancel"),
        this.#submit,
      ),
    );
    this.#dialog = h(
      "dialog",
      { class: "modal", "aria-labelledby": titleId, onclose: () => this.#dialog.remove() },
      form,
    );
  }

  open() {
    document.body.append(this.#dialog);
    this.#dialog.showModal();
    this.#fields[0]?.focus();
  }

  #part(part) {
    if (part.type === TEXT_DISPLAY)
      return h("div", { class: "component-text" }, renderMarkdown(part.content, this.#ctx));
    // A classic modal has rows with a text field that carries its own label.
    const component = part.type === LABEL ? part.component : part.components[0];
    const label = part.type === LABEL ? part.label : component.label;
    const field = fieldOf(component, { ctx: this.#ctx, label, description: part.description });
    this.#fields.push(field);
    return field.element;
  }

  async #send(event) {
    event.preventDefault();
    if (this.#busy || !this.#isComplete()) return;
    this.#setBusy(true);
    try {
      const problem = await this.#ctx.acting.submit(this.#interactionId, await this.#answers());
      if (problem === null) this.#dialog.close();
      else this.#problem.textContent = problem;
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      this.#problem.textContent = error.message;
    } finally {
      this.#setBusy(false);
    }
  }

  #isComplete() {
    const wrong = this.#fields.filter((field) => !field.check());
    wrong[0]?.focus();
    return wrong.length === 0;
  }

  async #answers() {
    const pairs = this.#fields.map(async (field) => [field.customId, await field.value()]);
    return Object.fromEntries(await Promise.all(pairs));
  }

  #setBusy(busy) {
    this.#busy = busy;
    if (busy) this.#problem.textContent = "";
    this.#submit.classList.toggle("busy", busy);
    this.#submit.setAttribute("aria-disabled", String(busy));
  }
}

const TEXT_DISPLAY = 10;
const LABEL = 18;
