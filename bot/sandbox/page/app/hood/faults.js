// What can be made to fail: where the wish goes, and what to watch for in the bot.
export const FAULTS = [
  {
    name: "Cut the connection",
    about: "The gateway socket breaks without a word. The bot should come back by itself and miss nothing.",
    path: "gateway",
    wish: { action: "drop" },
  },
  {
    name: "Ask to reconnect",
    about: "Discord does this a few times a day. The bot should reconnect at once and miss nothing.",
    path: "gateway",
    wish: { action: "reconnect" },
  },
  {
    name: "End the session",
    about: "The session can not be resumed: the bot has to begin a new one.",
    path: "gateway",
    wish: { action: "invalid_session" },
  },
  {
    name: "Answer 500 three times",
    about: "The next three REST calls fail, and nothing of them is done.",
    path: "faults",
    wish: { path: "", times: 3, status: 500 },
  },
  {
    name: "Lose the next reply",
    about: "The bot's next message is posted, but its answer gets lost. The message must not appear twice.",
    path: "faults",
    wish: { method: "POST", path: "/messages$", drop: "after" },
  },
  {
    name: "Rate-limit once",
    about: "The next REST call is told to wait half a second.",
    path: "faults",
    wish: { path: "", times: 1, status: 429 },
  },
  {
    name: "Slow network",
    about: "The next REST call takes five seconds longer, more than Discord waits for a first answer.",
    path: "faults",
    wish: { path: "", times: 1, delay_s: 5 },
  },
];

/** Say in words what a fault that still waits will do, and to which calls. */
export function described({ method, path, times, status, drop, delay_s: delay }) {
  const verb = method === "*" ? "" : `${method} `;
  const where = path ? ` whose path matches ${path}` : "";
  const calls = times === 1 ? `The next ${verb}call${where}` : `The next ${times} ${verb}calls${where}`;
  return `${calls}: ${effect({ status, drop, delay })}`;
}

function effect({ status, drop, delay }) {
  if (drop === "before") return "cut off before the work";
  if (drop === "after") return "done, but the answer is lost";
  if (status != null) return `answer ${status}`;
  return delay ? `delayed by ${delay} s` : "delayed";
}
