import { h } from "../dom.js";
import { clockTime } from "./clock_time.js";

/** Draw one REST call of the bot. */
export function requestRow({ at, method, path, status, ms }) {
  const [kind, words] = outcome(status);
  return h("li", { class: "log-row request" },
    h("time", { class: "count soft" }, clockTime(at)),
    h("span", { class: "method" }, method),
    h("span", { class: `status count ${kind}` }, words),
    h("span", { class: "took count soft" }, duration(ms)),
    h("span", { class: "path", title: path }, readable(path).split(LONG_ID).map(part)));
}

function part(text, index) {
  return index % 2 ? h("span", { class: "id" }, text) : text;
}

// Emoji stand percent-encoded in paths.
function readable(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function outcome(status) {
  if (status === 0) return ["bad", "cut off"];
  if (status === 429) return ["warn", "429 rate limit"];
  if (status >= 500) return ["bad", `${status} server error`];
  if (status >= 400) return ["bad", `${status} refused`];
  return ["good", String(status)];
}

function duration(ms) {
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

const LONG_ID = /(\d{15,})/;
