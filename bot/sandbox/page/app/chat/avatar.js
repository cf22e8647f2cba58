import { h } from "../dom.js";

/** A person's initial on a colour that stays theirs. */
export function avatar({ id, name }, { small = false } = {}) {
  const element = h("span", { class: small ? "avatar small" : "avatar", "aria-hidden": "true" }, initial(name));
  element.style.setProperty("--hue", String(hueOf(id)));
  return element;
}

/** From cyan over blue and red to orange: the hues on which white letters hold 4.5:1. */
function hueOf(id) {
  // Neighbouring ids, made at the same time, get hues far apart.
  return (190 + Number((BigInt(id) * 23n) % 210n)) % 360;
}

function initial(name) {
  const [first] = new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(name.trim() || "?");
  return first.segment.toLocaleUpperCase();
}
