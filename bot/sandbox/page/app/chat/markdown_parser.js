import { parseInline } from "./inline_parser.js";

/**
 * Parse a message's markdown into blocks; pure, in linear time.
 *
 * Blocks: `text`, `heading` (with `level`), `subtext` with `children` of `parseInline`; `code` with `language` and
 * `text`; `quote` with `blocks`; `list` with `ordered`, `start` and `items` of `{children, list}`.
 */
export function parseMarkdown(text) {
  return new BlockParser(text, { quotes: true }).parse();
}

const FENCE = "```";
const LANGUAGE = /^([\w+.#-]{1,30})\n/;
const HEADING = /^(#{1,3}) +(\S.*)/;
const SUBTEXT = /^-# +(\S.*)/;
const ITEM = /^( {0,8})([-*]|\d{1,9}\.) +(\S.*)/;

class BlockParser {
  #text;
  #quotes;
  #at = 0;
  #blocks = [];
  #plain = [];
  #lastFence;

  constructor(text, { quotes }) {
    this.#text = text;
    this.#quotes = quotes;
    this.#lastFence = text.lastIndexOf(FENCE);
  }

  parse() {
    while (this.#at < this.#text.length) this.#line();
    this.#flush();
    return this.#blocks;
  }

  #line() {
    const { end, line } = this.#peek();
    if (this.#quotes && line.startsWith(">>> ")) return this.#quoteRest();
    if (this.#quotes && line.startsWith("> ")) return this.#quote();
    const fence = line.indexOf(FENCE);
    if (fence >= 0 && this.#code(this.#at + fence)) return undefined;
    this.#at = end + 1;
    return this.#simple(line);
  }

  /** A line without quotes or fences. */
  #simple(line) {
    const heading = HEADING.exec(line);
    if (heading) return this.#push({ type: "heading", level: heading[1].length, children: parseInline(heading[2]) });
    const subtext = SUBTEXT.exec(line);
    if (subtext) return this.#push({ type: "subtext", children: parseInline(subtext[1]) });
    const item = ITEM.exec(line);
    if (item) return this.#item(item);
    return this.#plain.push(line);
  }

  #item([, indent, mark, text]) {
    this.#flush();
    const item = { children: parseInline(text), list: null };
    const ordered = mark.endsWith(".");
    const fresh = { type: "list", ordered, start: ordered ? parseInt(mark, 10) : 1, items: [item] };
    const last = this.#blocks.at(-1);
    if (last?.type !== "list") this.#blocks.push(fresh);
    else if (indent.length >= 2) this.#nest(last.items.at(-1), fresh);
    else if (last.ordered === ordered) last.items.push(item);
    else this.#blocks.push(fresh);
  }

  #nest(outer, fresh) {
    if (outer.list === null) outer.list = fresh;
    else outer.list.items.push(...fresh.items);
  }

  #quoteRest() {
    const inner = this.#text.slice(this.#at + 4);
    this.#at = this.#text.length;
    this.#push({ type: "quote", blocks: new BlockParser(inner, { quotes: false }).parse() });
  }

  #quote() {
    const lines = [];
    for (let next = this.#peek(); next.line.startsWith("> "); next = this.#peek()) {
      lines.push(next.line.slice(2));
      this.#at = next.end + 1;
    }
    this.#push({ type: "quote", blocks: new BlockParser(lines.join("\n"), { quotes: false }).parse() });
  }

  /** A fenced block; false when it is not closed or empty. */
  #code(start) {
    if (start >= this.#lastFence) return false;
    const close = this.#text.indexOf(FENCE, start + FENCE.length);
    if (close < 0) return false;
    const inside = this.#text.slice(start + FENCE.length, close);
    const language = LANGUAGE.exec(inside)?.[1] ?? "";
    const text = inside
      .slice(language ? language.length + 1 : 0)
      .replace(/^\n+/, "")
      .trimEnd();
    if (!text) return false;
    if (start > this.#at) this.#simple(this.#text.slice(this.#at, start));
    this.#push({ type: "code", language, text });
    this.#at = close + FENCE.length;
    if (this.#text[this.#at] === "\n") this.#at += 1;
    return true;
  }

  #peek() {
    const found = this.#text.indexOf("\n", this.#at);
    const end = found < 0 ? this.#text.length : found;
    return { end, line: this.#text.slice(this.#at, end) };
  }

  #push(block) {
    this.#flush();
    this.#blocks.push(block);
  }

  #flush() {
    const text = this.#plain.join("\n");
    this.#plain = [];
    if (text.trim()) this.#blocks.push({ type: "text", children: parseInline(text) });
  }
}
