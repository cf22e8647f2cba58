import { h } from "../dom.js";
import { ownAddress, signature, webAddress } from "./address.js";
import { mediaElement } from "./media.js";
import { renderMarkdown } from "./markdown.js";
import { settle } from "./settle.js";
import { Times } from "./times.js";

/** The embeds of a message. */
export class Embeds {
  #ctx;
  #views = [];

  constructor(ctx) {
    this.#ctx = ctx;
    this.element = h("div", { class: "message-embeds" });
  }

  update({ embeds = [], flags = 0 }) {
    const wanted = flags & SUPPRESS_EMBEDS ? [] : embeds;
    this.#views = wanted.map((embed, index) => {
      const shown = signature(embed);
      const old = this.#views[index];
      return old?.shown === shown ? old : { shown, element: embedElement(embed, this.#ctx) };
    });
    settle(
      this.element,
      this.#views.map(({ element }) => element),
    );
  }
}

function embedElement(embed, ctx) {
  const { title, url, description, color, fields = [], image, video, thumbnail, author, footer, timestamp } = embed;
  const words = h(
    "div",
    { class: "embed-words" },
    author &&
      h("div", { class: "embed-author" }, pictureIn(author.icon_url, "embed-icon"), linked(author.name, author.url)),
    title && h("div", { class: "embed-title" }, linked(renderMarkdown(title, ctx, { inline: true }), url)),
    description && h("div", { class: "embed-description" }, renderMarkdown(description, ctx)),
    fields.length > 0 && h("div", { class: "embed-fields" }, fieldElements(fields, ctx)),
  );
  const element = h(
    "div",
    { class: "embed" },
    h(
      "div",
      { class: "embed-top" },
      words,
      thumbnail && h("div", { class: "embed-thumbnail" }, mediaElement(picture(thumbnail))),
    ),
    // The title names the picture where a button has to say what it opens.
    image && mediaElement({ name: title, ...picture(image) }),
    video?.url && mediaElement({ ...picture(video), type: "video/mp4" }),
    (footer || timestamp) && footerElement(footer, timestamp, ctx),
  );
  if (color != null) element.style.setProperty("--bar", `#${color.toString(16).padStart(6, "0")}`);
  return element;
}

/** Fields that stand inline share a line, up to three. */
function fieldElements(fields, ctx) {
  let line = [];
  const lines = [];
  for (const field of fields) {
    if (field.inline && line[0]?.inline && line.length < MOST_COLUMNS) line.push(field);
    else lines.push((line = [field]));
  }
  return lines.map((some) =>
    h(
      "dl",
      { class: `embed-line columns-${some.length}` },
      some.map(({ name, value }) =>
        h(
          "div",
          { class: "embed-field" },
          h("dt", {}, renderMarkdown(name, ctx, { inline: true })),
          h("dd", {}, renderMarkdown(value, ctx)),
        ),
      ),
    ),
  );
}

function footerElement(footer, timestamp, ctx) {
  const at = timestamp && Date.parse(timestamp);
  return h(
    "div",
    { class: "embed-footer" },
    pictureIn(footer?.icon_url, "embed-icon"),
    footer?.text && h("span", {}, footer.text),
    footer?.text && at ? " · " : null,
    at ? Times.of(ctx).message(timestamp) : null,
  );
}

function linked(words, url) {
  const address = url ? webAddress(url) : null;
  if (!address) return h("span", {}, words);
  return h("a", { href: address.href, target: "_blank", rel: "noopener noreferrer" }, words);
}

function pictureIn(url, name) {
  const own = ownAddress(url);
  return own && h("img", { class: name, src: own, alt: "" });
}

function picture({ url, width, height, description }) {
  return { url, width, height, description, type: "image/*" };
}

const MOST_COLUMNS = 3;
const SUPPRESS_EMBEDS = 1 << 2;
