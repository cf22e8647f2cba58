import { localised } from "../core/world.js";

/** Discord's option types: https://discord.com/developers/docs/interactions/application-commands */
export const OPTION = {
  SUB_COMMAND: 1,
  SUB_COMMAND_GROUP: 2,
  STRING: 3,
  INTEGER: 4,
  BOOLEAN: 5,
  USER: 6,
  CHANNEL: 7,
  ROLE: 8,
  MENTIONABLE: 9,
  NUMBER: 10,
  ATTACHMENT: 11,
};

/**
 * Every slash command that can be chosen, a sub-command as an entry of its own: `{path, name, about, options}`.
 * `path` is what is sent ("story add"), `name` what the reader's language calls it;
 * options have a `label` and `about` in that language.
 */
export function flatten(commands, locale) {
  const entries = commands
    .filter((command) => command.type === CHAT_INPUT)
    .flatMap((command) => leaves(command, [], [], locale));
  return entries.sort((one, other) => one.path.localeCompare(other.path));
}

/** The entries that fit what was typed after the slash: first those that begin so, then those that hold it. */
export function search(entries, typed) {
  const wanted = fold(typed.trimStart());
  const ranked = entries.map((entry) => ({ entry, rank: rank(entry, wanted) }));
  return ranked
    .filter((one) => one.rank < NO_MATCH)
    .sort((one, other) => one.rank - other.rank)
    .map((one) => one.entry);
}

/** The entry whose whole name stands at the start of a text, and the rest of the text; or null. */
export function leading(entries, text) {
  const line = fold(text);
  const named = (entry) => [entry.path, entry.name].find((name) => line.startsWith(`/${fold(name)} `));
  // The longest wins: "/story add" is not "/story" with a text.
  const found = entries.filter(named).sort((one, other) => named(other).length - named(one).length)[0];
  return found ? { entry: found, rest: text.slice(named(found).length + 2) } : null;
}

function leaves(node, path, names, locale) {
  const here = [...path, node.name];
  const shown = [...names, localised(node, "name", locale)];
  const options = node.options ?? [];
  const nested = options.filter((option) => NESTING.has(option.type));
  if (nested.length > 0) return nested.flatMap((option) => leaves(option, here, shown, locale));
  const told = options.map((option) => ({
    ...option,
    label: localised(option, "name", locale),
    about: localised(option, "description", locale),
  }));
  return [
    { path: here.join(" "), name: shown.join(" "), about: localised(node, "description", locale), options: told },
  ];
}

function rank(entry, wanted) {
  const names = [fold(entry.path), fold(entry.name)];
  if (names.some((name) => name.startsWith(wanted))) return 0;
  if (names.some((name) => name.includes(wanted))) return 1;
  return fold(entry.about).includes(wanted) ? 2 : NO_MATCH;
}

function fold(text) {
  return text.toLocaleLowerCase();
}

const CHAT_INPUT = 1;
const NO_MATCH = 3;
const NESTING = new Set([OPTION.SUB_COMMAND, OPTION.SUB_COMMAND_GROUP]);
