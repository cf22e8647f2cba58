/**
 * Build an element. Every string child becomes a text node: nothing here takes markup.
 *
 * `props`: `class`, `on…` functions as listeners, `aria-…`, `data-…` and other attributes (`true` sets an empty
 * one, `false`, null and undefined leave it out), and the live properties of form fields.
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (PROPERTIES.has(name)) element[name] = value;
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, String(value));
  }
  element.append(...present(children));
  return element;
}

/** Put these children in the place of all present ones. */
export function fill(element, ...children) {
  element.replaceChildren(...present(children));
  return element;
}

/** Draw one of the page's icons; it is decoration, so its button needs a label of its own. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** A button that shows an icon alone. */
export function iconButton(name, label, onclick, props = {}) {
  return h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick, ...props }, icon(name));
}

function present(children) {
  return children.flat(Infinity).filter((child) => child != null && child !== false);
}

const SVG = "http://www.w3.org/2000/svg";
const PROPERTIES = new Set(["value", "checked", "disabled", "selected", "indeterminate", "muted"]);

// Stroked paths on a 24 x 24 grid, drawn for this page.
const ICONS = {
  apps: "M5 5h5v5H5zM14 5h5v5h-5zM5 14h5v5H5zM14 14h5v5h-5z",
  attach: "M12 5v14M5 12h14",
  check: "M5 12.5l4.5 4.5L19 7.5",
  chevron: "M7 10l5 5 5-5",
  close: "M6 6l12 12M18 6L6 18",
  copy: "M9 9h10v10H9zM5 15V5h10",
  download: "M12 4v11M7 10.5l5 5 5-5M5 20h14",
  file: "M7 3h7l4 4v14H7zM14 3v4h4",
  hash: "M9.5 4L7.5 20M16.5 4l-2 16M4.5 9h15.5M4 15h15.5",
  hood: "M4 6h16M4 12h16M4 18h10M18 16v4M16 18h4",
  link: "M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-5.7-5.7L12 7M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 5.7 5.7L12 17",
  menu: "M4 7h16M4 12h16M4 17h16",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  play: "M8 5l11 7-11 7z",
  reply: "M9 7L4 12l5 5M4 12h10a6 6 0 0 1 6 6v1",
  restart: "M20 12a8 8 0 1 1-2.5-5.8M20 4v4.5h-4.5",
  send: "M4 12l16-8-5 16-3.5-6.5z",
  smile: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M8.5 14a4 4 0 0 0 7 0M9 9.5h.01M15 9.5h.01",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5M17.5 17.5L19 19M19 5l-1.5 1.5M6.5 17.5L5 19",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  warning: "M12 4l9 16H3zM12 10v4M12 17h.01",
};
