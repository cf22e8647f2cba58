import { fill, h } from "../dom.js";
import { DM, PERMISSION } from "../core/world.js";

/** What stands at the beginning of a channel: where one is, and in an empty one what to do first. */
export class Welcome {
  #shown = "";

  constructor(ctx) {
    this.ctx = ctx;
    this.element = h("section", { class: "welcome", hidden: true });
  }

  show({ channel, complete, empty }) {
    this.element.hidden = !complete || !channel;
    if (this.element.hidden) return;
    const { world } = this.ctx;
    const video = world.commands.some((command) => command.name === "video" && command.type === 1);
    const mayAct = world.may(PERMISSION.USE_APPLICATION_COMMANDS);
    const state = JSON.stringify([channel.id, channel.name, empty, video, mayAct, world.viewer.id]);
    if (state === this.#shown) return;
    this.#shown = state;
    const title = channel.type === DM ? world.channelName(channel) : `#${channel.name}`;
    fill(
      this.element,
      h("h2", {}, empty ? `Welcome to ${title}` : `This is the beginning of ${title}`),
      empty && this.#firstSteps(video, mayAct),
    );
  }

  #firstSteps(video, mayAct) {
    const { world, use } = this.ctx;
    if (!mayAct) return h("p", {}, `${world.viewer.name} may look around here, but not act. Act as somebody else at the bottom of the channel list.`);
    return [
      h("p", {}, "This is a Discord of your own, on this machine alone. The bot is the real one; the videos come from the built-in preview and cost nothing."),
      video && h("ul", { class: "starters", "aria-label": "Ideas for a first video" }, ...IDEAS.map((idea) => h("li", {}, h("button", { type: "button", class: "button starter", onclick: () => use("video", { prompt: idea }) }, idea)))),
      h("p", { class: "hint" }, "Type ", h("kbd", {}, "/"), " for all commands, or attach a picture with ", h("kbd", {}, "+"), "."),
    ].filter(Boolean);
  }
}

const IDEAS = [
  "A red fox trots through fresh snow at dawn, slow dolly in",
  "A paper boat drifts down a rainy street at night, neon reflections",
  "Hot air balloons rise over misty hills, golden hour, aerial view",
];
