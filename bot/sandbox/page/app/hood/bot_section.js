import { fill, h, icon } from "../dom.js";
import { clockTime } from "./clock_time.js";
import { Poll } from "./poll.js";

/** Whether the bot is there, its sessions, its restart, and the sandbox's clock. */
export class BotSection {
  id = "bot";
  name = "Bot";

  #ctx;
  #state = h("p", { class: "bot-state" });
  #sessions = h("ul", { class: "sessions", role: "list" });
  #time = h("time", { class: "clock count" });
  #said = h("p", { class: "said", role: "status" });
  #restart;
  #means = h("p", { class: "soft" });
  #restarting = false;
  #poll;
  #tick = 0;

  constructor(ctx) {
    this.#ctx = ctx;
    this.#poll = new Poll({
      ask: () => ctx.control.get("gateway"),
      show: (sessions) => this.#showSessions(sessions),
      everyMs: 2000,
    });
    this.#restart = h("button", { type: "button", class: "button", onclick: () => this.#restartBot() });
    const onclick = () => this.#skipTime();
    const skip = h("button", { type: "button", class: "button", onclick }, "Let 15 minutes pass");
    this.element = h("div", { class: "hood-section" },
      this.#state, this.#sessions,
      h("div", { class: "deed" }, this.#restart, this.#means),
      h("div", { class: "deed" }, h("h3", {}, "Clock of this sandbox ", this.#time), skip,
        h("p", { class: "soft" },
          "Interactions older than 15 minutes can no longer be answered, and links to files grow old. ",
          "The clock only goes forward.")),
      this.#said);
  }

  show() {
    this.hide();
    this.update();
    this.#poll.start();
    this.#tick = setInterval(() => this.#showTime(), 1000);
  }

  hide() {
    this.#poll.stop();
    clearInterval(this.#tick);
  }

  /** Draw anew after the bot, the clock or the world changed. */
  update() {
    const { bot, backstage } = this.#ctx.world;
    const state = bot.online ? "online" : "offline";
    if (this.#state.dataset.state !== state) {
      this.#state.dataset.state = state;
      fill(this.#state, h("span", { class: "dot", "aria-hidden": "true" }), `${bot.name} is ${state}`);
    }
    fill(this.#restart, icon("restart"), this.#restarting ? "Restarting…" : `Restart ${bot.name}`);
    this.#restart.disabled = !backstage;
    this.#restart.setAttribute("aria-busy", String(this.#restarting));
    this.#means.textContent = backstage ? RESTART : NOT_OURS;
    this.#showTime();
  }

  #showTime() {
    const time = clockTime(this.#ctx.world.now());
    if (this.#time.textContent !== time) this.#time.textContent = time;
  }

  #showSessions(sessions) {
    if (!sessions.length) fill(this.#sessions, h("li", { class: "soft" }, "No gateway session."));
    else fill(this.#sessions, sessions.toReversed().map(session));
  }

  async #restartBot() {
    if (this.#restarting) return; // busy, but not disabled: that would take the focus away
    this.#restarting = true;
    this.update();
    this.#say("");
    try {
      await this.#ctx.control.post("bot", { action: "restart" });
      this.#say(`${this.#ctx.world.bot.name} was restarted.`);
    } catch (error) {
      this.#say(error.message);
    } finally {
      this.#restarting = false;
      this.update();
    }
  }

  async #skipTime() {
    try {
      const { now } = await this.#ctx.control.post("clock", { advance_s: SKIPPED_S });
      this.#ctx.world.setClock(now);
      this.#showTime();
      this.#say(`It is now ${clockTime(now)}.`);
    } catch (error) {
      this.#say(error.message);
    }
  }

  #say(text) {
    this.#said.textContent = text;
  }
}

const RESTART = "Videos in the works must go on afterwards, and none may be paid for twice.";
const NOT_OURS = "This sandbox did not start the bot. Restart it where you started it.";
const SKIPPED_S = 15 * 60;

function session({ session_id: id, connected, sequence, shard }) {
  const state = connected ? "connected" : "not connected, may resume";
  const part = shard[1] > 1 ? ` · shard ${shard[0]} of ${shard[1]}` : "";
  return h("li", { class: connected ? "session" : "session asleep" },
    h("span", { class: "path" }, id.slice(0, 8)),
    h("span", { class: "count" }, `${state} · ${sequence} ${sequence === 1 ? "event" : "events"}${part}`));
}
