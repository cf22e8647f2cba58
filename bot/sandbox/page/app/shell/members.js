import { fill, h, icon } from "../dom.js";
import { Popover } from "../chat/popover.js";
import { rove, setStop } from "../chat/roving.js";
import { face } from "./face.js";
import { NewMember } from "./new_member.js";

/**
 * Who acts in this page, and the list to act as somebody else; empty until the first `update`.
 *
 * `onselect(userId)` runs when one is chosen.
 */
export class MemberSwitcher {
  #ctx;
  #onselect;
  #button;
  #popover = null;
  #people = h("div", { class: "menu", role: "listbox", "aria-label": "Act as" });
  #choosing;
  #newMember;
  #panel;

  constructor(ctx, { onselect }) {
    this.#ctx = ctx;
    this.#onselect = onselect;
    const expands = { "aria-haspopup": "dialog", "aria-expanded": "false" };
    this.#button = h("button", { type: "button", class: "acting", ...expands, onclick: () => this.#toggle() });
    this.element = h("div", { class: "member-switcher" }, this.#button);
    this.#newMember = new NewMember(ctx, { onmade: (user) => this.#choose(user.id), oncancel: () => this.#list() });
    rove(this.#people);
    this.#people.addEventListener("keydown", (event) => this.#nextNamed(event.key));
    const props = { type: "button", class: "menu-item new-member", onclick: () => this.#ask() };
    this.#choosing = h("div", { class: "choosing" }, this.#people, h("button", props, icon("attach"), "New member…"));
    this.#panel = h("div", { role: "dialog", "aria-label": "Act as" }, this.#choosing, this.#newMember.element);
  }

  /** Draw anew after the world or the acting member changed. */
  update() {
    const { world } = this.#ctx;
    const kind = world.members.get(world.viewer.id)?.kind;
    fill(this.#button, face(world.viewer),
      person([h("span", { class: "soft" }, "Acting as "), world.viewer.name], kind), icon("chevron"));
    const focused = this.#people.contains(document.activeElement) ? document.activeElement.dataset.user : null;
    fill(this.#people, this.#sorted().map((member) => this.#option(member)));
    const stop = focused ?? world.viewer.id;
    setStop(this.#people, this.#options().find((option) => option.dataset.user === stop));
    if (focused) this.#focusStop();
  }

  #option({ user, kind }) {
    const { id, name } = this.#ctx.world.user(user.id);
    const current = id === this.#ctx.world.viewer.id;
    const props = { type: "button", class: "menu-item", role: "option", "data-user": id, "data-name": name };
    return h("button", { ...props, "aria-selected": String(current), onclick: () => this.#choose(id) },
      face({ id, name }), person(name, kind), current && icon("check"));
  }

  #sorted() {
    const people = [...this.#ctx.world.members.values()].filter((member) => !member.user.bot);
    return people.sort((a, b) => Number(b.kind === "owner") - Number(a.kind === "owner"));
  }

  #options() {
    return [...this.#people.children];
  }

  #toggle() {
    if (this.#popover?.open) {
      this.#popover.close();
      return;
    }
    this.#show(false);
    this.#popover = new Popover(this.#button, this.#panel, { class: "people" });
    this.#focusStop();
  }

  #ask() {
    this.#show(true);
    this.#popover.place();
    this.#newMember.focus();
  }

  #list() {
    this.#show(false);
    this.#popover.place();
    this.#focusStop();
  }

  #show(asking) {
    this.#choosing.hidden = asking;
    this.#newMember.show(asking);
  }

  #focusStop() {
    this.#options().find((option) => option.tabIndex === 0)?.focus();
  }

  #nextNamed(key) {
    if (key.length !== 1 || key === " ") return;
    const options = this.#options();
    const at = options.indexOf(document.activeElement) + 1;
    const named = (option) => option.dataset.name.toLowerCase().startsWith(key.toLowerCase());
    [...options.slice(at), ...options.slice(0, at)].find(named)?.focus();
  }

  #choose(userId) {
    this.#popover.close();
    if (userId !== this.#ctx.world.viewer.id) this.#onselect(userId);
  }
}

function person(name, kind) {
  return h("span", { class: "person" },
    h("span", { class: "person-name" }, name),
    h("span", { class: "standing" }, STANDING[kind] ?? STANDING.member));
}

const STANDING = {
  owner: "Owner · may do everything",
  moderator: "Moderator · may delete messages",
  member: "Member",
  stranger: "Stranger · may look, not act",
};
