import { h, iconButton } from "../dom.js";
import { BotSection } from "./bot_section.js";
import { FaultSection } from "./fault_section.js";
import { gatewayRow } from "./gateway_row.js";
import { JobSection } from "./job_section.js";
import { LogSection } from "./log_section.js";
import { requestRow } from "./request_row.js";
import { Tabs } from "./tabs.js";

/**
 * The drawer "under the hood": what goes on between the bot, Discord and the video API, and buttons to disturb it.
 *
 * `onclose` runs when the drawer was closed from within.
 */
export class Drawer {
  #onclose;
  #before = null;
  #bot;
  #logs;
  #tabs;

  constructor(ctx, { onclose = () => {} } = {}) {
    this.#onclose = onclose;
    this.#bot = new BotSection(ctx);
    this.#logs = {
      request: new LogSection(ctx, { id: "requests", name: "REST calls", path: "requests", row: requestRow }),
      gateway: new LogSection(ctx, { id: "gateway", name: "Gateway", path: "traffic", row: gatewayRow }),
    };
    const { request, gateway } = this.#logs;
    this.#tabs = new Tabs("Under the hood", [this.#bot, new FaultSection(ctx), new JobSection(ctx), request, gateway]);
    const onkeydown = (event) => this.#leave(event);
    this.element = h("aside", { class: "hood", hidden: true, "aria-label": "Under the hood", onkeydown },
      h("header", { class: "hood-head" },
        h("h2", {}, "Under the hood"),
        iconButton("close", "Close the drawer", () => this.#dismiss())),
      this.#tabs.element);
    document.addEventListener("visibilitychange", () => this.#rest());
  }

  get isOpen() {
    return !this.element.hidden;
  }

  /** Show the drawer and load. */
  open() {
    if (this.isOpen) return;
    this.#before = document.activeElement;
    this.element.hidden = false;
    this.update();
    this.#tabs.wake();
    this.#tabs.focus();
  }

  /** Hide the drawer and give the focus back. */
  close() {
    if (!this.isOpen) return;
    const focused = this.element.contains(document.activeElement);
    this.element.hidden = true;
    this.#tabs.sleep();
    if (focused) this.#before?.focus();
  }

  /** Take an event of the feed. */
  hear(event, data) {
    if (!this.isOpen) return;
    if (event in this.#logs) this.#logs[event].add(data);
    else if (event === "bot" || event === "clock") this.#bot.update();
  }

  /** Load anew after a gap in the feed. */
  update() {
    if (!this.isOpen) return;
    this.#bot.update();
    for (const log of Object.values(this.#logs)) log.load();
  }

  #leave(event) {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.#dismiss();
  }

  #dismiss() {
    this.close();
    this.#onclose();
  }

  // Nobody looks at a page in the background: it must not ask every second.
  #rest() {
    if (!this.isOpen) return;
    if (document.hidden) this.#tabs.sleep();
    else this.#tabs.wake();
  }
}
