import { OPTION } from "./command_tree.js";
import { megabytes } from "./upload.js";

/** What an option takes, in words; empty when there is nothing to say. */
export function limits(option, uploadLimit) {
  switch (option.type) {
    case OPTION.STRING:
      return option.choices?.length ? "" : span(option.min_length, option.max_length, " characters");
    case OPTION.INTEGER:
    case OPTION.NUMBER:
      return option.choices?.length ? "" : numbers(option);
    case OPTION.ATTACHMENT:
      return `a file of up to ${megabytes(uploadLimit)}`;
    default:
      return "";
  }
}

/**
 * Read what was typed into an option: `{}` for nothing, `{value}` as it is sent, or `{problem}` as a sentence.
 * The rules are those of Discord's client, which the sandbox checks again.
 */
export function read(option, typed) {
  const text = typed.trim();
  if (text === "") return {};
  if (option.type === OPTION.STRING) return readText(option, text);
  return readNumber(option, text);
}

function readText(option, text) {
  const length = [...text].length;
  const least = option.min_length ?? 0;
  const most = option.max_length ?? LONGEST_TEXT;
  if (least <= length && length <= most) return { value: text };
  return { problem: `This takes ${span(least, most, " characters")}; it has ${count(length)}.` };
}

function readNumber(option, text) {
  const whole = option.type === OPTION.INTEGER;
  const value = (whole ? INTEGER : DECIMAL).test(text) ? Number(text) : NaN;
  if (!(Math.abs(value) <= (whole ? LARGEST_INTEGER : Number.MAX_VALUE)))
    return { problem: whole ? "This must be a whole number." : "This must be a number, such as 2.5." };
  const { min_value: least, max_value: most } = option;
  if (least != null && value < least) return { problem: `This must be at least ${least}.` };
  if (most != null && value > most) return { problem: `This must be at most ${most}.` };
  return { value };
}

function numbers({ type, min_value: least, max_value: most }) {
  const kind = type === OPTION.INTEGER ? "a whole number" : "a number";
  if (least != null && most != null) return `${kind} from ${least} to ${most}`;
  if (least != null) return `${kind}, at least ${least}`;
  return most != null ? `${kind}, at most ${most}` : kind;
}

function span(least, most, unit) {
  if (least && most) return `${count(least)} to ${count(most)}${unit}`;
  if (most) return `up to ${count(most)}${unit}`;
  return least ? `at least ${count(least)}${unit}` : "";
}

function count(number) {
  return number.toLocaleString("en-US");
}

const LONGEST_TEXT = 6000;
const LARGEST_INTEGER = 2 ** 53;
const INTEGER = /^[+-]?\d+$/;
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
