import { h } from "../dom.js";

/** The form for one more person; `onmade(user)` runs with the answer, `oncancel` when it is left. */
export class NewMember {
  #ctx;
  #onmade;
  #name;
  #send;
  #problem = h("p", { id: "new-member-problem", class: "problem", role: "alert" });

  constructor(ctx, { onmade, oncancel }) {
    this.#ctx = ctx;
    this.#onmade = onmade;
    this.#name = h("input", {
      class: "input",
      id: "new-member-name",
      maxlength: MOST_CHARACTERS,
      autocomplete: "off",
      "aria-describedby": this.#problem.id,
    });
    this.#send = h("button", { type: "submit", class: "button primary" }, "Add and act as them");
    this.element = h("form", { class: "new-member-form", hidden: true, onsubmit: (event) => this.#make(event) },
      h("div", { class: "field" },
        h("label", { class: "label", for: this.#name.id }, "Name"), this.#name, this.#problem),
      h("fieldset", {}, h("legend", {}, "Who is it?"), Object.entries(CHOICES).map(choice)),
      h("div", { class: "form-end" },
        h("button", { type: "button", class: "button", onclick: oncancel }, "Back"), this.#send));
  }

  /** Show an empty form, or hide it. */
  show(shown) {
    this.element.hidden = !shown;
    this.element.reset();
    this.#say("");
  }

  focus() {
    this.#name.focus();
  }

  async #make(event) {
    event.preventDefault();
    const name = this.#name.value.trim();
    if (!name) {
      this.#say("Give the person a name.");
      this.#name.focus();
      return;
    }
    const { wish } = CHOICES[new FormData(this.element).get("kind")];
    this.#send.disabled = true;
    try {
      await this.#onmade(await this.#ctx.control.post("users", { name, ...wish }));
    } catch (error) {
      this.#say(error.message);
    } finally {
      this.#send.disabled = false;
    }
  }

  #say(problem) {
    this.#problem.textContent = problem;
    this.#name.setAttribute("aria-invalid", String(Boolean(problem)));
  }
}

function choice([kind, { name, may }]) {
  const radio = h("input", { type: "radio", name: "kind", value: kind });
  radio.defaultChecked = kind === "member"; // a reset form goes back to it
  return h("label", { class: "choice" }, radio,
    h("span", {}, h("span", { class: "person-name" }, name), h("span", { class: "standing" }, may)));
}

const MOST_CHARACTERS = 32;
const CHOICES = {
  member: { name: "Ordinary member", may: "uses commands and writes", wish: {} },
  moderator: { name: "Moderator", may: "also deletes what others wrote", wish: { permissions: ["manage_messages"] } },
  stranger: { name: "Stranger", may: "looks, but may not act", wish: { stranger: true } },
};
