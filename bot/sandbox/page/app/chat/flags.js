/** Discord's message flags that change how a message looks. */
const EPHEMERAL = 1 << 6;
const LOADING = 1 << 7;

/** Whether only one person sees the message. */
export function isEphemeral({ flags }) {
  return Boolean(flags & EPHEMERAL);
}

/** Whether the bot has yet to say what the message will be. */
export function isLoading({ flags }) {
  return Boolean(flags & LOADING);
}
