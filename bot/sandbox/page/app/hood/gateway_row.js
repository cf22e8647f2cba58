import { h } from "../dom.js";
import { clockTime } from "./clock_time.js";

/** Draw one frame of the gateway: its direction, what it is, how long it is. */
export function gatewayRow({ at, direction, op, event, session, bytes }) {
  const fromBot = direction === "in";
  const way = fromBot ? "From the bot" : "To the bot";
  const name = event ?? OPERATIONS[op] ?? `Operation ${op}`;
  return h("li", { class: "log-row frame" },
    h("time", { class: "count soft" }, clockTime(at)),
    h("span", { class: fromBot ? "way from" : "way to", title: way },
      h("span", { "aria-hidden": "true" }, fromBot ? "↑" : "↓"), h("span", { class: "hidden-text" }, way)),
    h("span", { class: "path", title: session ? `Session ${session}` : null }, name),
    h("span", { class: "took count soft" }, `${bytes} B`));
}

// https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-opcodes
const OPERATIONS = {
  0: "Dispatch",
  1: "Heartbeat",
  2: "Identify",
  3: "Presence update",
  4: "Voice state update",
  6: "Resume",
  7: "Reconnect",
  8: "Request guild members",
  9: "Invalid session",
  10: "Hello",
  11: "Heartbeat acknowledged",
};
