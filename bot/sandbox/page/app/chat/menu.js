import { h, icon } from "../dom.js";
import { Popover } from "./popover.js";
import { rove, setStop } from "./roving.js";

/**
 * Open a menu beside a button. Items are `{label, icon, run, danger, confirm}`; `confirm` is asked in the item's
 * place before it runs; an item with `heading` alone names those after it.
 */
export function openMenu(anchor, label, items) {
  const list = h("div", { class: "menu", role: "menu", "aria-label": label });
  const popover = new Popover(anchor, list);
  list.append(...items.map((item) => (item.heading ? headingOf(item) : buttonOf(item, popover))));
  rove(list);
  setStop(list);
  popover.place();
  list.querySelector("button")?.focus();
  return popover;
}

function headingOf({ heading }) {
  return h("div", { class: "menu-heading", role: "presentation" }, heading);
}

function buttonOf(item, popover) {
  const words = h("span", { class: "menu-words" }, item.label);
  let sure = !item.confirm;
  const press = () => {
    if (sure) {
      popover.close();
      item.run();
      return;
    }
    sure = true;
    words.textContent = item.confirm;
  };
  const props = {
    type: "button",
    class: item.danger ? "menu-item danger" : "menu-item",
    role: "menuitem",
    onclick: press,
  };
  return h("button", props, item.icon && icon(item.icon), words);
}
