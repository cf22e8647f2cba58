import { h } from "../dom.js";

/** Hide an element behind a button until it is pressed. */
export function spoilerCover(element, { spoiler }) {
  if (!spoiler) return element;
  element.inert = true;
  const cover = h(
    "button",
    { type: "button", class: "spoiler-cover", "aria-label": "Spoiler, press to show", onclick: reveal },
    h("span", { class: "spoiler-word" }, "Spoiler"),
  );
  const box = h("div", { class: "spoiler-box" }, element, cover);
  function reveal() {
    element.inert = false;
    box.classList.add("shown");
    cover.remove();
  }
  return box;
}
