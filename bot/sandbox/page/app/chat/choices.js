/** What a select offers: the bot's options, or what the server has of people, roles and channels. */
export function choicesOf(select, ctx) {
  switch (select.type) {
    case STRING:
      return (select.options ?? []).map(({ value, label, description, emoji }) => ({
        value,
        label,
        description,
        emoji,
      }));
    case USER:
      return users(ctx);
    case ROLE:
      return roles(ctx);
    case MENTIONABLE:
      return [...users(ctx), ...roles(ctx)];
    case CHANNEL:
      return channels(select, ctx);
    default:
      return [];
  }
}

/** What is chosen before anybody chose. */
export function chosenBefore(select) {
  if (select.type === STRING)
    return (select.options ?? []).filter((option) => option.default).map(({ value }) => value);
  return (select.default_values ?? []).map(({ id }) => id);
}

/** The fewest and the most values that a select takes. */
export function boundsOf({ min_values: least, max_values: most, required }) {
  return { least: least ?? (required === false ? 0 : 1), most: most ?? 1 };
}

const [STRING, USER, ROLE, MENTIONABLE, CHANNEL] = [3, 5, 6, 7, 8];
const DM = 1;

function users(ctx) {
  return [...ctx.world.members.keys()].map((id) => {
    const { name, bot } = ctx.world.user(id);
    return { value: id, label: name, description: bot ? "bot" : null };
  });
}

function roles(ctx) {
  const own = [...ctx.world.roles.values()].filter(({ id }) => id !== ctx.world.guild?.id);
  return own.map(({ id, name }) => ({ value: id, label: `@${name}`, description: "role" }));
}

function channels({ channel_types: types }, ctx) {
  const fits = ({ type }) => type !== DM && (!types?.length || types.includes(type));
  const some = [...ctx.world.channels.values()].filter(fits);
  return some.map((channel) => ({ value: channel.id, label: `# ${ctx.world.channelName(channel)}` }));
}
