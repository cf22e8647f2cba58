const FLAG = /\p{Regional_Indicator}{2}/u;
const KEYCAP = /[0-9#*]\uFE0F?\u20E3/u;
// What is drawn in colour by itself, or because the next character asks for it.
const SIGN = /(?:\p{Emoji_Presentation}|\p{Emoji}\uFE0F|\p{Extended_Pictographic}(?=\p{Emoji_Modifier}))/u;
// A skin tone, others joined to it, and the letters of a region's flag.
const REST = /\p{Emoji_Modifier}?(?:\u200D\p{Extended_Pictographic}\uFE0F?\p{Emoji_Modifier}?)*[\u{E0020}-\u{E007F}]*/u;
const CUSTOM = /<a?:\w{1,32}:\d{1,20}>/u;
const ONE = new RegExp(`${FLAG.source}|${KEYCAP.source}|${SIGN.source}${REST.source}|${CUSTOM.source}`, "uy");
const SPACE = /\s+/y;
// More than this is no message of emoji alone, and need not be read to its end.
const ENOUGH = 100;

/** How many emoji a text consists of; 0 when it says anything else. */
export function emojiCount(text) {
  let at = 0;
  let count = 0;
  while (at < text.length) {
    SPACE.lastIndex = at;
    ONE.lastIndex = at;
    if (SPACE.test(text)) at = SPACE.lastIndex;
    else if (count < ENOUGH && ONE.test(text)) [at, count] = [ONE.lastIndex, count + 1];
    else return 0;
  }
  return count;
}

/** Whether a text is exactly one emoji. */
export function isEmoji(text) {
  return emojiCount(text) === 1 && !/[\s<]/.test(text);
}
