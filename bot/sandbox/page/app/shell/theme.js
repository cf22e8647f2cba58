import { fill, h, icon } from "../dom.js";
import { Popover } from "../chat/popover.js";
import { rove } from "../chat/roving.js";

/** The button that chooses light, dark, or what the system has; the choice outlives the page. */
export class ThemeButton {
  #theme = remembered();
  #popover = null;

  constructor() {
    const props = { type: "button", class: "icon-button", "aria-haspopup": "menu", "aria-expanded": "false" };
    this.element = h("button", { ...props, onclick: () => this.#toggle() });
    SYSTEM.addEventListener("change", () => this.#show());
    this.#show();
  }

  #toggle() {
    if (this.#popover?.open) {
      this.#popover.close();
      return;
    }
    const menu = h("div", { class: "menu themes", role: "menu", "aria-label": "Theme" },
      Object.keys(NAMES).map((theme) => this.#item(theme)));
    rove(menu);
    this.#popover = new Popover(this.element, menu);
    menu.querySelector("[aria-checked=true]").focus();
  }

  #item(theme) {
    const checked = String(theme === this.#theme);
    const props = { type: "button", class: "menu-item", role: "menuitemradio", "aria-checked": checked, tabindex: -1 };
    return h("button", { ...props, onclick: () => this.#choose(theme) }, icon("check"), NAMES[theme]);
  }

  #choose(theme) {
    this.#theme = theme;
    remember(theme);
    this.#show();
    this.#popover.close();
  }

  #show() {
    wear(this.#theme);
    const label = `Theme: ${NAMES[this.#theme].toLowerCase()}`;
    fill(this.element, icon(colours(this.#theme) === "dark" ? "moon" : "sun"));
    this.element.setAttribute("aria-label", label);
    this.element.title = label;
  }
}

const KEY = "reelbot-sandbox-theme";
const NAMES = { system: "As the system", light: "Light", dark: "Dark" };
const SYSTEM = matchMedia("(prefers-color-scheme: dark)");

// A browser may forbid all storage: the choice then ends with the page.
function remembered() {
  try {
    const theme = localStorage.getItem(KEY);
    return theme !== null && Object.hasOwn(NAMES, theme) ? theme : "system";
  } catch {
    return "system";
  }
}

function remember(theme) {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    /* as above */
  }
}

function colours(theme) {
  if (theme !== "system") return theme;
  return SYSTEM.matches ? "dark" : "light";
}

function wear(theme) {
  document.documentElement.dataset.theme = colours(theme);
}

// Worn as soon as the module is there: with the button only, the first paint would flash in the wrong colours.
wear(remembered());
