import { h } from "../dom.js";

/**
 * A surface that floats beside a button. It closes at Esc, at a press beside it, when the focus leaves it and when
 * its button leaves the page; the focus returns to the button.
 */
export class Popover {
  #anchor;
  #onclose;
  #listening = new AbortController();

  constructor(anchor, content, { onclose = () => {}, class: name = "" } = {}) {
    this.#anchor = anchor;
    this.#onclose = onclose;
    this.element = h("div", { class: `popover ${name}`.trim() }, content);
    // Beside an open modal dialog everything is inert.
    (anchor.closest("dialog") ?? document.body).append(this.element);
    anchor.setAttribute("aria-expanded", "true");
    this.#listen();
    this.place();
  }

  get open() {
    return !this.#listening.signal.aborted;
  }

  close({ refocus = true } = {}) {
    if (!this.open) return;
    this.#listening.abort();
    const focused = this.element.contains(document.activeElement);
    this.element.remove();
    this.#anchor.setAttribute("aria-expanded", "false");
    if (refocus && focused) this.#anchor.focus();
    this.#onclose();
  }

  /** Stand below the button, or above it where there is more room. */
  place() {
    if (!this.#anchor.isConnected) return this.close();
    const { style } = this.element;
    const anchor = this.#anchor.getBoundingClientRect();
    style.setProperty("max-height", "none");
    style.setProperty("--wide", `${anchor.width}px`);
    const { width, height } = this.element.getBoundingClientRect();
    const below = innerHeight - anchor.bottom - EDGE;
    const above = anchor.top - EDGE;
    const under = height + GAP <= below || below >= above;
    const room = (under ? below : above) - GAP;
    const top = under ? anchor.bottom + GAP : Math.max(EDGE, anchor.top - GAP - Math.min(height, room));
    style.setProperty("max-height", `${Math.max(room, LEAST_HEIGHT)}px`);
    style.setProperty("top", `${Math.min(top, innerHeight - EDGE - Math.min(height, LEAST_HEIGHT))}px`);
    style.setProperty("left", `${Math.max(EDGE, Math.min(anchor.left, innerWidth - EDGE - width))}px`);
    return undefined;
  }

  #listen() {
    const { signal } = this.#listening;
    const outside = (target) => !this.element.contains(target) && !this.#anchor.contains(target);
    document.addEventListener("pointerdown", (event) => outside(event.target) && this.close(), {
      signal,
      capture: true,
    });
    this.element.addEventListener(
      "focusout",
      ({ relatedTarget }) => {
        if (relatedTarget && outside(relatedTarget)) this.close({ refocus: false });
      },
      { signal },
    );
    document.addEventListener(
      "keydown",
      (event) => {
        if (event.key !== "Escape") return;
        // Only the popover closes, not the dialog around it.
        event.preventDefault();
        event.stopPropagation();
        this.close();
      },
      { signal, capture: true },
    );
    document.addEventListener("scroll", (event) => this.element.contains(event.target) || this.place(), {
      signal,
      capture: true,
    });
    window.addEventListener("resize", () => this.place(), { signal });
  }
}

const GAP = 4;
const EDGE = 8;
const LEAST_HEIGHT = 160;
