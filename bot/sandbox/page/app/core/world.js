/** Discord's permission bits that the page looks at. */
export const PERMISSION = {
  ADD_REACTIONS: 1n << 6n,
  VIEW_CHANNEL: 1n << 10n,
  SEND_MESSAGES: 1n << 11n,
  MANAGE_MESSAGES: 1n << 13n,
  ATTACH_FILES: 1n << 15n,
  USE_APPLICATION_COMMANDS: 1n << 31n,
};

/**
 * What the acting member knows: server, channels, members, roles and commands as the control API tells them.
 * A `change` event follows every load.
 */
export class World extends EventTarget {
  constructor(control) {
    super();
    this.control = control;
    this.viewer = null;
    this.channelId = null;
    this.members = new Map();
    this.roles = new Map();
    this.channels = new Map();
    this.commands = [];
    this.#ahead = 0;
  }

  #ahead;

  /** Load everything as a member sees it, in a channel; null chooses the sandbox's defaults. */
  async load(userId = this.viewer?.id, channelId = this.channelId) {
    const told = await this.control.get("world", { user_id: userId });
    this.guild = told.guild;
    this.bot = told.bot;
    this.backstage = told.backstage;
    this.uploadLimit = told.upload_limit;
    this.members = new Map(told.members.map((member) => [member.user.id, member]));
    this.roles = new Map(told.roles.map((role) => [role.id, role]));
    this.channels = new Map(told.channels.map((channel) => [channel.id, channel]));
    this.setClock(told.now);
    const wanted = this.members.has(userId) ? userId : told.default_user_id;
    if (wanted !== userId) return this.load(wanted, channelId);
    this.viewer = this.user(wanted);
    this.channelId = this.channels.has(channelId) ? channelId : (told.default_channel_id ?? null);
    await this.loadCommands();
    return undefined;
  }

  /** Load the commands that the member may use in the channel. */
  async loadCommands() {
    const query = { user_id: this.viewer.id, channel_id: this.channelId };
    this.commands = this.channelId ? await this.control.get("commands", query) : [];
    this.dispatchEvent(new Event("change"));
  }

  setBot(online) {
    this.bot = { ...this.bot, online };
    this.dispatchEvent(new Event("change"));
  }

  setClock(now) {
    this.#ahead = now - Date.now() / 1000;
  }

  /** Seconds since 1970 by the sandbox's clock, which can be put forward. */
  now() {
    return Date.now() / 1000 + this.#ahead;
  }

  /** The languages that texts are wanted in, first the page's own. */
  get locale() {
    return navigator.language || "en-US";
  }

  get channel() {
    return this.channels.get(this.channelId) ?? null;
  }

  /** `{id, name, bot, owner}`; unknown people get a name from what the message said. */
  user(id, told = null) {
    const user = this.members.get(id)?.user ?? told;
    if (!user) return { id, name: "unknown user", bot: false, owner: false };
    const name = user.global_name ?? (user.id === this.bot.id ? this.bot.name : user.username);
    return { id, name, bot: Boolean(user.bot), owner: id === this.guild.owner_id };
  }

  channelName(channel) {
    if (channel.type !== DM) return channel.name;
    return (channel.recipients ?? []).map((user) => this.user(user.id, user).name).join(", ");
  }

  /** Whether the member holds a permission in the present channel. */
  may(permission) {
    return this.channel !== null && (BigInt(this.channel.permissions ?? 0) & permission) !== 0n;
  }
}

export const DM = 1;

/** A name or description in the page's language, where the bot gave one. */
export function localised(thing, key, locale) {
  const texts = thing[`${key}_localizations`] ?? {};
  const language = locale.split("-")[0];
  return texts[locale] ?? texts[language] ?? Object.entries(texts).find(([known]) => known.startsWith(`${language}-`))?.[1] ?? thing[key];
}
