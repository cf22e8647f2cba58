import { h } from "../dom.js";
import { webAddress } from "./address.js";
import { emojiCount } from "./emoji_text.js";
import { parseInline } from "./inline_parser.js";
import { parseMarkdown } from "./markdown_parser.js";
import { Times } from "./times.js";

/** Draw Discord's markdown as nodes; `inline` takes no blocks, as titles and labels do. */
export function renderMarkdown(text, ctx, { inline = false } = {}) {
  if (inline) return renderInline(parseInline(text), ctx);
  const blocks = parseMarkdown(text).map((block) => BLOCKS[block.type](block, ctx));
  const emoji = emojiCount(text);
  if (emoji > 0 && emoji <= MOST_LARGE_EMOJI) blocks[0]?.classList.add("large-emoji");
  return blocks;
}

/** The words alone, for a line that tells what a message says. */
export function plainText(text, ctx) {
  return h("span", {}, ...renderInline(parseInline(text), ctx))
    .textContent.replace(/\s+/g, " ")
    .trim();
}

const MOST_LARGE_EMOJI = 27;
const JUMP = /^\/channels\/(@me|\d{1,20})\/(\d{1,20})\/(\d{1,20})\/?$/;
const DISCORD_HOSTS = new Set(["discord.com", "ptb.discord.com", "canary.discord.com"]);

const BLOCKS = {
  text: ({ children }, ctx) => h("div", { class: "md-text" }, renderInline(children, ctx)),
  // The page's own heading is h1.
  heading: ({ level, children }, ctx) =>
    h(`h${level + 1}`, { class: `md-heading md-heading-${level}` }, renderInline(children, ctx)),
  subtext: ({ children }, ctx) => h("div", { class: "md-subtext" }, renderInline(children, ctx)),
  quote: ({ blocks }, ctx) =>
    h(
      "blockquote",
      { class: "md-quote", dir: "auto" },
      blocks.map((block) => BLOCKS[block.type](block, ctx)),
    ),
  code: ({ language, text }) =>
    h(
      "pre",
      { class: "md-code-block", tabindex: "0", "aria-label": `Code ${language}`.trim(), role: "region" },
      h("code", { "data-language": language || null }, text),
    ),
  list: ({ ordered, start, items }, ctx) =>
    h(
      ordered ? "ol" : "ul",
      { class: "md-list", dir: "auto", start: ordered ? start : null },
      items.map(({ children, list }) => h("li", {}, renderInline(children, ctx), list && BLOCKS.list(list, ctx))),
    ),
};

const INLINE = {
  strong: (node, ctx) => h("strong", {}, renderInline(node.children, ctx)),
  em: (node, ctx) => h("em", {}, renderInline(node.children, ctx)),
  underline: (node, ctx) => h("u", {}, renderInline(node.children, ctx)),
  strike: (node, ctx) => h("s", {}, renderInline(node.children, ctx)),
  spoiler: (node, ctx) => spoiler(renderInline(node.children, ctx)),
  code: (node) => h("code", { class: "md-code" }, node.text),
  link: (node, ctx) => link(node, ctx),
  user: (node, ctx) => {
    const own = node.id === ctx.world.viewer?.id;
    return h("span", { class: own ? "mention own" : "mention" }, `@${ctx.world.user(node.id).name}`);
  },
  role: (node, ctx) => h("span", { class: "mention" }, `@${ctx.world.roles.get(node.id)?.name ?? "deleted role"}`),
  channel: (node, ctx) => h("span", { class: "mention" }, channelLabel(node.id, ctx)),
  everyone: (node) => h("span", { class: "mention" }, `@${node.name}`),
  command: ({ name }, ctx) =>
    h("button", { type: "button", class: "mention jump", onclick: () => ctx.use(name) }, `/${name}`),
  emoji: (node) => h("span", { class: "md-emoji", title: `:${node.name}:` }, `:${node.name}:`),
  time: (node, ctx) => Times.of(ctx).mention(node.at, node.style),
};

function renderInline(nodes, ctx) {
  return nodes.map((node) => (typeof node === "string" ? document.createTextNode(node) : INLINE[node.type](node, ctx)));
}

function link({ url, children }, ctx) {
  const address = webAddress(url);
  const label = children && renderInline(children, ctx);
  if (!address) return h("span", {}, label ?? url);
  const place = jumpTarget(address, ctx);
  if (place) {
    const jump = () => ctx.jump(place.channelId, place.messageId);
    const words = label ?? `${channelLabel(place.channelId, ctx)} › message`;
    return h("button", { type: "button", class: label ? "link-button" : "mention jump", onclick: jump }, words);
  }
  const props = { href: address.href, title: label ? address.href : null };
  return h("a", { ...props, target: "_blank", rel: "noopener noreferrer" }, label ?? url);
}

/** Where a message link of this server leads, or null. */
function jumpTarget(address, ctx) {
  if (!DISCORD_HOSTS.has(address.hostname)) return null;
  const [, guildId, channelId, messageId] = JUMP.exec(address.pathname) ?? [];
  const here = guildId === "@me" || guildId === ctx.world.guild?.id;
  return here && ctx.world.channels.has(channelId) ? { channelId, messageId } : null;
}

function channelLabel(id, ctx) {
  const channel = ctx.world.channels.get(id);
  return channel ? `# ${ctx.world.channelName(channel)}` : "# unknown";
}

function spoiler(children) {
  const inside = h("span", { class: "spoiler-text", inert: true }, children);
  const element = h(
    "span",
    { class: "spoiler", role: "button", tabindex: "0", "aria-label": "Spoiler, press to show" },
    inside,
  );
  const reveal = (event) => {
    if (element.classList.contains("shown") || (event.type === "keydown" && event.key !== "Enter" && event.key !== " "))
      return;
    event.preventDefault();
    for (const name of ["role", "aria-label"]) element.removeAttribute(name);
    // It stays focusable by script only, so that the keyboard does not lose its place.
    element.setAttribute("tabindex", "-1");
    inside.inert = false;
    element.classList.add("shown");
  };
  element.addEventListener("click", reveal);
  element.addEventListener("keydown", reveal);
  return element;
}
