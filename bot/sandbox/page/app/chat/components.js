import { h } from "../dom.js";
import { ButtonView } from "./button.js";
import { Children, ContainerView, RowView, SectionView } from "./layout.js";
import { FileView, GalleryView, SeparatorView, TextView, ThumbnailView } from "./display.js";
import { SelectView } from "./select_view.js";

/** The components of a message, classic and version 2, and what happens when they are used. */
export class Components {
  #ctx;
  #children;
  #message;
  #busy = false;
  #tree = h("div", { class: "component-tree" });
  #problem = h("p", { class: "failure", role: "alert" });

  constructor(ctx) {
    this.#ctx = ctx;
    this.element = h("div", { class: "message-components" }, this.#tree, this.#problem);
    const room = { ctx, use: (component, values, element) => this.#use(component, values, element) };
    this.#children = new Children(this.#tree, (component) => viewOf(component, room));
  }

  update(message) {
    this.#message = message;
    this.#children.update((message.components ?? []).filter(({ type }) => type in VIEWS));
    this.#mark();
  }

  /** Press a button or send a select's choice; meanwhile nothing else of this message can be used. */
  async #use(component, values, element) {
    if (this.#busy) return;
    this.#busy = true;
    this.#problem.textContent = "";
    element.classList.add("busy");
    this.#mark();
    try {
      this.#problem.textContent = (await this.#ctx.acting.component(this.#message, component.custom_id, values)) ?? "";
    } finally {
      this.#busy = false;
      element.classList.remove("busy");
      this.#mark();
    }
  }

  // aria-disabled and not disabled: a disabled button would lose the focus.
  #mark() {
    this.#tree.setAttribute("aria-busy", String(this.#busy));
    for (const element of this.#tree.querySelectorAll("[data-acts]")) {
      if (this.#busy) element.setAttribute("aria-disabled", "true");
      else element.removeAttribute("aria-disabled");
    }
  }
}

const VIEWS = {
  1: RowView,
  2: ButtonView,
  3: SelectView,
  5: SelectView,
  6: SelectView,
  7: SelectView,
  8: SelectView,
  9: SectionView,
  10: TextView,
  11: ThumbnailView,
  12: GalleryView,
  13: FileView,
  14: SeparatorView,
  17: ContainerView,
};

function viewOf(component, room) {
  return new VIEWS[component.type](component, { ...room, viewOf: (inner) => viewOf(inner, room) });
}
