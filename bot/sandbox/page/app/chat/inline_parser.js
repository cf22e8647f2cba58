/**
 * Parse the markdown within a line or paragraph; pure, in linear time.
 *
 * Returns strings and nodes: `strong`, `em`, `underline`, `strike`, `spoiler` with `children`; `code` with `text`;
 * `link` with `url` and `children` (null for a bare address); `user`, `role`, `channel` with `id`; `everyone` with
 * `name`; `command` and `emoji` with `name` and `id`; `time` with `at` (unix seconds) and `style`.
 */
export function parseInline(text, { links = true } = {}) {
  return new InlineParser(text, links).parse();
}

// What nests deeper than this is text: it keeps the work linear and the page's tree shallow.
const DEEPEST = 20;
// "***" opens two styles; a longer run is read piece by piece.
const LONGEST_MARK = 3;

const PLAIN = /[^\\`*_~|<[@h]+/y;
const ESCAPED = /\\([^0-9A-Za-z\s])/uy;
const EVERYONE = /@(everyone|here)\b/y;
const ADDRESS = /https?:\/\/[^\s<]+/y;
const TARGET = /\]\(<?(https?:\/\/(?:[^\s()<>]|\([^\s()<>]*\))+)>?(?:[ \t]+"[^"\n]*")?\)/y;
const WORD = /[\p{L}\p{N}]/u;

const STYLES = { "**": "strong", "*": "em", __: "underline", _: "em", "~~": "strike", "||": "spoiler" };

const IN_ANGLES = [
  [/<@!?(\d{1,20})>/y, ([, id]) => ({ type: "user", id })],
  [/<@&(\d{1,20})>/y, ([, id]) => ({ type: "role", id })],
  [/<#(\d{1,20})>/y, ([, id]) => ({ type: "channel", id })],
  [/<\/([^:<>\n]{1,100}):(\d{1,20})>/y, ([, name, id]) => ({ type: "command", name, id })],
  [/<a?:(\w{1,32}):(\d{1,20})>/y, ([, name, id]) => ({ type: "emoji", name, id })],
  [/<t:(-?\d{1,13})(?::([tTdDfFR]))?>/y, ([, at, style]) => ({ type: "time", at: Number(at), style: style ?? "f" })],
  [/<(https?:\/\/[^\s<>]+)>/y, ([, url]) => ({ type: "link", url, children: null })],
];

class InlineParser {
  #text;
  #links;
  #at = 0;
  // Styles that are open, outermost first; the first frame is the result.
  #frames = [{ marker: null, children: [] }];
  #ticks = null;
  #target = { start: -1, middle: -1 };

  constructor(text, links) {
    this.#text = text;
    this.#links = links;
  }

  parse() {
    while (this.#at < this.#text.length) {
      const plain = this.#match(PLAIN);
      if (plain) this.#say(plain[0]);
      else if (!this.#special(this.#text[this.#at])) this.#say(this.#text[this.#at++]);
    }
    while (this.#frames.length > 1) this.#abandon();
    return this.#frames[0].children;
  }

  #special(character) {
    switch (character) {
      case "\\":
        return this.#escape();
      case "`":
        return this.#code();
      case "<":
        return this.#angles();
      case "[":
        return this.#links && this.#maskedLink();
      case "h":
        return this.#links && this.#bareLink();
      case "@":
        return this.#everyone();
      default:
        return this.#style(character);
    }
  }

  #escape() {
    const found = this.#match(ESCAPED);
    if (found) this.#say(found[1]);
    return Boolean(found);
  }

  #everyone() {
    const found = this.#match(EVERYONE);
    if (found) this.#add({ type: "everyone", name: found[1] });
    return Boolean(found);
  }

  #angles() {
    for (const [pattern, node] of IN_ANGLES) {
      const found = this.#match(pattern);
      if (!found) continue;
      this.#add(node(found));
      return true;
    }
    return false;
  }

  #code() {
    const run = this.#run("`");
    const from = this.#at + run;
    const end = this.#closingTicks(run, from);
    if (end === null) {
      this.#say("`".repeat(run));
      this.#at = from;
      return true;
    }
    // A space keeps a tick at the edge apart from the fence.
    const text = this.#text
      .slice(from, end)
      .replace(/^ (?=`)/, "")
      .replace(/(?<=`) $/, "");
    this.#add({ type: "code", text });
    this.#at = end + run;
    return true;
  }

  #closingTicks(run, from) {
    this.#ticks ??= ticksByLength(this.#text);
    const starts = this.#ticks.get(run) ?? [];
    while (starts.length && starts.at(-1) < from) starts.pop();
    return starts.at(-1) ?? null;
  }

  #maskedLink() {
    const { start, middle } = this.#nextTarget();
    if (start !== this.#at) return false;
    const label = this.#text.slice(start + 1, middle);
    TARGET.lastIndex = middle;
    const found = TARGET.exec(this.#text);
    // A label that looks like an address could lie about where it leads.
    if (!found || !label.trim() || label.includes("://")) return false;
    this.#add({ type: "link", url: found[1], children: parseInline(label, { links: false }) });
    this.#at = TARGET.lastIndex;
    return true;
  }

  /** The next `](` and the bracket that opens its label; looked up once for all brackets before it. */
  #nextTarget() {
    if (this.#target.middle !== Infinity && this.#target.middle < this.#at) {
      const middle = this.#text.indexOf("](", this.#at);
      this.#target =
        middle < 0 ? { start: -1, middle: Infinity } : { start: this.#text.lastIndexOf("[", middle), middle };
    }
    return this.#target;
  }

  #bareLink() {
    ADDRESS.lastIndex = this.#at;
    const found = ADDRESS.exec(this.#text);
    if (!found) return false;
    const url = withoutTrailing(
      found[0],
      this.#frames.map(({ marker }) => marker?.[0]),
    );
    if (!URL.canParse(url)) return false;
    this.#add({ type: "link", url, children: null });
    this.#at += url.length;
    return true;
  }

  #style(character) {
    const run = this.#run(character, LONGEST_MARK);
    const marker = this.#marker(character, run);
    if (marker === null) return false;
    if (this.#close(marker)) return true;
    if (this.#mayOpen(marker)) this.#frames.push({ marker, children: [] });
    else this.#say(marker);
    this.#at += marker.length;
    return true;
  }

  #marker(character, run) {
    if (character === "~" || character === "|") return run >= 2 ? character.repeat(2) : null;
    if (this.#frames.at(-1).marker === character && run !== 2) return character;
    return run >= 2 ? character.repeat(2) : character;
  }

  #mayOpen(marker) {
    if (this.#frames.length > DEEPEST) return false;
    const after = this.#text[this.#at + marker.length] ?? "";
    if (marker === "*") return /\S/.test(after);
    return after !== "" && (marker !== "_" || !WORD.test(this.#text[this.#at - 1] ?? ""));
  }

  #close(marker) {
    const index = this.#frames.findLastIndex((frame) => frame.marker === marker);
    if (index < 0 || !this.#mayClose(marker)) return false;
    while (this.#frames.length - 1 > index) this.#abandon();
    const { children } = this.#frames.pop();
    this.#at += marker.length;
    if (children.length) this.#add({ type: STYLES[marker], children });
    else this.#say(marker + marker);
    return true;
  }

  #mayClose(marker) {
    if (marker === "*") return /\S/.test(this.#text[this.#at - 1]);
    return marker !== "_" || !WORD.test(this.#text[this.#at + 1] ?? "");
  }

  /** The innermost style was never closed: its marker is text. */
  #abandon() {
    const { marker, children } = this.#frames.pop();
    this.#say(marker);
    for (const child of children)
      if (typeof child === "string") this.#say(child);
      else this.#add(child);
  }

  #match(pattern) {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }

  #run(character, most = Infinity) {
    let end = this.#at;
    while (this.#text[end] === character && end - this.#at < most) end += 1;
    return end - this.#at;
  }

  #add(node) {
    this.#frames.at(-1).children.push(node);
  }

  #say(text) {
    const { children } = this.#frames.at(-1);
    if (typeof children.at(-1) === "string") children[children.length - 1] += text;
    else children.push(text);
  }
}

/** Where runs of n ticks start, last first, by n. */
function ticksByLength(text) {
  const runs = new Map();
  for (const { 0: run, index } of text.matchAll(/`+/g)) {
    if (!runs.has(run.length)) runs.set(run.length, []);
    runs.get(run.length).push(index);
  }
  for (const starts of runs.values()) starts.reverse();
  return runs;
}

/** An address without the punctuation of the sentence around it, nor the end of a style that is open. */
function withoutTrailing(address, open) {
  let unclosed = 0;
  for (const character of address) unclosed += character === ")" ? 1 : character === "(" ? -1 : 0;
  let end = address.length;
  for (; end > 0; end -= 1) {
    const last = address[end - 1];
    if (last === ")" && unclosed > 0) unclosed -= 1;
    else if (!".,:;!?\"']".includes(last) && !open.includes(last)) break;
  }
  return address.slice(0, end);
}
