import { fill, h, icon } from "../dom.js";
import { rove, setStop } from "../chat/roving.js";
import { DM } from "../core/world.js";
import { face } from "./face.js";
import { NewChannel } from "./new_channel.js";

/**
 * The server's channels and the direct messages that the acting member sees; empty until the first `update`.
 *
 * `onselect(channelId)` runs when one is chosen.
 */
export class ChannelList {
  #ctx;
  #onselect;
  #unread = new Map();
  #drawn = null;
  #server = h("h2", { class: "server-name" });
  #texts = h("ul", { class: "channel-list", role: "list" });
  #directs = h("ul", { class: "channel-list", role: "list" });
  #problem = h("p", { class: "problem", role: "alert" });
  #message;

  constructor(ctx, { onselect }) {
    this.#ctx = ctx;
    this.#onselect = onselect;
    const newChannel = new NewChannel(ctx, { onmade: (channel) => onselect(channel.id) });
    this.#message = h("button", { type: "button", class: "channel", onclick: () => this.#messageBot() });
    rove(this.#texts);
    rove(this.#directs);
    this.element = h("nav", { class: "channels", "aria-label": "Channels" },
      this.#server,
      h("div", { class: "channel-group" },
        h("div", { class: "channel-heading" }, h("h3", {}, "Text channels"), newChannel.button),
        newChannel.element, this.#texts),
      h("div", { class: "channel-group" },
        h("div", { class: "channel-heading" }, h("h3", {}, "Direct messages")),
        this.#directs, this.#message, this.#problem));
  }

  /** Draw anew; `unread` maps a channel's id to `{count, mentions}`. */
  update(unread = this.#unread) {
    this.#unread = unread;
    const { guild, bot, viewer, channels } = this.#ctx.world;
    const lines = [...channels.values()].map((channel) => this.#line(channel));
    const drawn = JSON.stringify([guild.name, bot, viewer, lines]);
    if (drawn === this.#drawn) return; // drawn anew at every message, a click on it would get lost
    this.#drawn = drawn;
    const focused = this.element.contains(document.activeElement) ? document.activeElement.dataset.channel : null;
    const directs = lines.filter((line) => line.other);
    const texts = lines.filter((line) => !line.other).sort((a, b) => a.position - b.position);
    this.#server.textContent = guild.name;
    this.#list(this.#texts, texts);
    this.#list(this.#directs, directs);
    fill(this.#message, face(bot), `Message ${bot.name}`);
    this.#message.hidden = directs.length > 0;
    if (focused) this.element.querySelector(`[data-channel="${focused}"]`)?.focus();
  }

  #line(channel) {
    const { world } = this.#ctx;
    const current = channel.id === world.channelId;
    const { count = 0, mentions = 0 } = (!current && this.#unread.get(channel.id)) || {};
    const name = world.channelName(channel);
    const other = channel.type === DM ? { id: channel.recipients?.[0]?.id ?? channel.id, name } : null;
    return { id: channel.id, name, other, position: channel.position, current, count, mentions };
  }

  #list(list, lines) {
    fill(list, lines.map((line) => h("li", {}, this.#button(line))));
    setStop(list, list.querySelector("[aria-current]") ?? undefined);
  }

  #button({ id, name, other, current, count, mentions }) {
    const props = { type: "button", class: count ? "channel unread" : "channel", "data-channel": id };
    const onclick = () => this.#onselect(id);
    const label = count > 0 ? `${name}, ${spoken(count, mentions)}` : null;
    return h("button", { ...props, "aria-current": current ? "true" : null, "aria-label": label, onclick },
      other ? face(other) : icon("hash"),
      h("span", { class: "channel-name", title: name }, name),
      mentions > 0 && h("span", { class: "mentions count", "aria-hidden": "true" }, mentions > 99 ? "99+" : mentions));
  }

  async #messageBot() {
    this.#problem.textContent = "";
    try {
      const channel = await this.#ctx.control.post("channels", { user_id: this.#ctx.world.viewer.id });
      this.#onselect(channel.id);
    } catch (error) {
      this.#problem.textContent = error.message;
    }
  }
}

function spoken(count, mentions) {
  const news = `${count} unread`;
  return mentions ? `${news}, ${mentions} ${mentions === 1 ? "mention" : "mentions"}` : news;
}
