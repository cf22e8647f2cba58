import { PERMISSION } from "../core/world.js";
import { isEphemeral, isLoading } from "./flags.js";

/** Whether the acting member may put a new emoji under a message. */
export function mayReact(ctx, message) {
  const direct = ctx.world.channel?.type === DM;
  const takesAny = !isEphemeral(message) && !isLoading(message);
  return takesAny && (direct || ctx.world.may(PERMISSION.ADD_REACTIONS));
}

/** Give a reaction or take it back as the acting member; a refusal shows in the channel. */
export async function react(ctx, message, emoji, wanted) {
  const wish = { message_id: message.id, emoji, user_id: ctx.world.viewer.id };
  try {
    if (wanted) await ctx.control.post("react", wish);
    else await ctx.control.delete("react", { body: wish });
  } catch (error) {
    ctx.refused(error);
  }
}

const DM = 1;
