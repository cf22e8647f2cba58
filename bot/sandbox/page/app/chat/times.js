import { h } from "../dom.js";

/** The times on the page, by the sandbox's clock and in the page's language; one timer lets all of them tick. */
export class Times {
  static #byWorld = new WeakMap();

  /** The one of this page. */
  static of(ctx) {
    if (!Times.#byWorld.has(ctx.world)) Times.#byWorld.set(ctx.world, new Times(ctx.world));
    return Times.#byWorld.get(ctx.world);
  }

  #world;
  #formats = new Map();
  // A list that the browser keeps: what leaves the page stops ticking, what comes back goes on.
  #ticking = document.getElementsByClassName("ticking");
  #watched = new WeakMap();
  #timer = 0;

  constructor(world) {
    this.#world = world;
  }

  /** When a message was written: "Today at 10:02"; the whole date is its title. */
  message(iso) {
    const at = Date.parse(iso) / 1000;
    const element = h("time", { class: "message-time", datetime: iso, title: this.full(at) });
    return this.watch(element, (now) => {
      write(element, this.near(at, now));
      return midnightAfter(now);
    });
  }

  /** A `<t:…>` of a message; `style` is one of Discord's seven letters. */
  mention(at, style) {
    if (Math.abs(at) > LATEST) return h("span", { class: "mention-time" }, "Invalid date");
    const iso = new Date(at * 1000).toISOString();
    const element = h("time", { class: "mention-time", datetime: iso, title: this.full(at) });
    if (style !== "R") {
      write(element, this.#styled(at, style));
      return element;
    }
    return this.watch(element, (now) => {
      const { text, next } = this.relative(at, now);
      write(element, text);
      return next;
    });
  }

  /** "Today at 10:02", "Yesterday at 10:02", "11/28/2026 10:02". */
  near(at, now) {
    const days = Math.round((midnightBefore(at) - midnightBefore(now)) / DAY);
    const time = this.#format({ timeStyle: "short" }, at);
    if (Math.abs(days) > 1) return `${this.#format({ dateStyle: "short" }, at)} ${time}`;
    const day = new Intl.RelativeTimeFormat(this.#world.locale, { numeric: "auto" }).format(days, "day");
    const between = this.#world.locale.startsWith("en") ? " at " : ", ";
    return day.charAt(0).toLocaleUpperCase(this.#world.locale) + day.slice(1) + between + time;
  }

  /** The time of day alone. */
  short(iso) {
    return this.#format({ timeStyle: "short" }, Date.parse(iso) / 1000);
  }

  full(at) {
    return this.#format({ dateStyle: "full", timeStyle: "medium" }, at);
  }

  /** "in 5 minutes" and the time at which that changes. */
  relative(at, now) {
    const ahead = at - now;
    const [unit, size] = UNITS.find(([, seconds]) => Math.abs(ahead) >= seconds) ?? UNITS.at(-1);
    const count = Math.trunc(ahead / size) || 0;
    const key = "relative";
    if (!this.#formats.has(key)) {
      this.#formats.set(key, new Intl.RelativeTimeFormat(this.#world.locale, { numeric: "auto" }));
    }
    const next = now + (size > 60 ? 30 : 0.5);
    return { text: this.#formats.get(key).format(count, unit), next };
  }

  /** Let `paint(now)` draw the element now and at every time that it returns, in unix seconds. */
  watch(element, paint) {
    element.classList.add("ticking");
    this.#watched.set(element, { paint, due: paint(this.#world.now()) });
    this.#timer ||= setInterval(() => this.#tick(), 1000);
    return element;
  }

  #tick() {
    const now = this.#world.now();
    for (const element of this.#ticking) {
      const watched = this.#watched.get(element);
      if (watched && now >= watched.due) watched.due = watched.paint(now);
    }
  }

  #styled(at, style) {
    return this.#format(STYLES[style], at);
  }

  #format(options, at) {
    const key = JSON.stringify(options);
    if (!this.#formats.has(key)) this.#formats.set(key, new Intl.DateTimeFormat(this.#world.locale, options));
    return this.#formats.get(key).format(at * 1000);
  }
}

const DAY = 86_400;
const LATEST = 8.64e12;
const UNITS = [
  ["year", 365 * DAY],
  ["month", 30 * DAY],
  ["day", DAY],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];
const STYLES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
};

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function midnightBefore(at) {
  return new Date(at * 1000).setHours(0, 0, 0, 0) / 1000;
}

function midnightAfter(at) {
  return new Date(at * 1000).setHours(24, 0, 0, 0) / 1000;
}
