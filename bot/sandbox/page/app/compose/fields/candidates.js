import { h, icon } from "../../dom.js";
import { DM, localised } from "../../core/world.js";
import { face } from "../../shell/face.js";
import { OPTION } from "../command_tree.js";

/** What an option can be chosen from, as items of the list; null for an option that is typed. */
export function candidates(option, world) {
  if (option.choices?.length)
    return option.choices.map((choice) => ({ name: localised(choice, "name", world.locale), value: choice.value }));
  return LISTS[option.type]?.(world, option) ?? null;
}

/** The items that fit what was typed: first those that begin so, then those that hold it. */
export function fitting(items, typed) {
  const wanted = typed.trim().replace(/^[@#]/, "").toLocaleLowerCase();
  const begins = (item) => item.name.toLocaleLowerCase().startsWith(wanted);
  const holds = (item) => `${item.name} ${item.detail ?? ""}`.toLocaleLowerCase().includes(wanted);
  return [...items.filter(begins), ...items.filter((item) => !begins(item) && holds(item))];
}

function people(world) {
  return [...world.members.values()].map(({ user }) => {
    const { name } = world.user(user.id);
    return { name, detail: user.username, value: user.id, mark: () => face({ id: user.id, name }) };
  });
}

function roles(world) {
  return [...world.roles.values()].map((role) => ({
    name: role.name,
    detail: "role",
    value: role.id,
    mark: () => dot(role.color),
  }));
}

function channels(world, option) {
  const wanted = option.channel_types ?? [];
  return [...world.channels.values()]
    .filter((channel) => channel.type !== DM && (wanted.length === 0 || wanted.includes(channel.type)))
    .map((channel) => ({
      name: channel.name,
      value: channel.id,
      mark: () => h("span", { class: "option-row-mark" }, icon("hash")),
    }));
}

function dot(color) {
  const element = h("span", { class: "role-dot" });
  if (color) element.style.setProperty("--role", `#${color.toString(16).padStart(6, "0")}`);
  return h("span", { class: "option-row-mark" }, element);
}

const LISTS = {
  [OPTION.BOOLEAN]: () => [
    { name: "True", value: true },
    { name: "False", value: false },
  ],
  [OPTION.USER]: people,
  [OPTION.CHANNEL]: channels,
  [OPTION.ROLE]: roles,
  [OPTION.MENTIONABLE]: (world) => [...people(world), ...roles(world)],
};
