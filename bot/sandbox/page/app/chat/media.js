import { h, icon } from "../dom.js";
import { ownAddress, webAddress } from "./address.js";
import { fileSize } from "./file_size.js";
import { openLightbox } from "./lightbox.js";
import { spoilerCover } from "./spoiler_cover.js";

/**
 * Show a file: `{url, name, size, type, width, height, description, spoiler}`, of which only `url` is certain.
 * What this page may not load is a link.
 */
export function mediaElement(file, { tile = false } = {}) {
  const kind = kindOf(file);
  const url = ownAddress(file.url);
  if (url === null) return spoilerCover(linkOnly(file), file);
  if (kind === "image") return spoilerCover(imageElement({ ...file, url }, tile), file);
  if (kind === "video") return videoElement({ ...file, url });
  if (kind === "audio") return spoilerCover(audioElement({ ...file, url }), file);
  return spoilerCover(fileCard({ ...file, url }), file);
}

/** `image`, `video`, `audio` or `file`, by the type that the server told or else by the name. */
export function kindOf({ type, name, url }) {
  const told = /^(image|video|audio)\//.exec(type ?? "")?.[1];
  if (told) return told;
  const path = name ?? (URL.canParse(url) ? new URL(url).pathname : "");
  return (
    Object.entries(ENDINGS).find(([, pattern]) => pattern.test(path))?.[0] ??
    (/^data:image\//i.test(url) ? "image" : "file")
  );
}

const ENDINGS = {
  image: /\.(png|jpe?g|gif|webp|avif)$/i,
  video: /\.(mp4|webm|mov|m4v)$/i,
  audio: /\.(mp3|ogg|wav|m4a|flac|opus)$/i,
};
const WIDEST = 520;
const HIGHEST = 420;
// A portrait video narrower than this has no room for its controls.
const NARROWEST_VIDEO = 270;
const UNKNOWN = { width: 16, height: 9 };

function imageElement(file, tile) {
  const { url, name, description, width, height } = file;
  const label = description || name || "image";
  const image = h("img", { src: url, alt: description ?? "", loading: "lazy", decoding: "async", width, height });
  const show = () => openLightbox({ url: image.src, name, description });
  const props = {
    type: "button",
    class: "media-image",
    onclick: show,
    title: description,
    "aria-label": `Open ${label} large`,
  };
  const button = h("button", props, image);
  if (!tile && width && height) frame(button, { width, height }, Math.min(width, WIDEST), HIGHEST);
  button.classList.toggle("natural", !(width && height));
  image.addEventListener("error", () => button.replaceWith(fileCard(file)), { once: true });
  return button;
}

function videoElement(file) {
  const { url, name, description, width, height } = file;
  const video = h("video", {
    src: url,
    controls: true,
    preload: "metadata",
    playsinline: true,
    "aria-label": description || name || "video",
  });
  const box = h("div", { class: "media-video" }, video);
  const shape = (size) => frame(box, size, WIDEST, HIGHEST, NARROWEST_VIDEO);
  shape(width && height ? { width, height } : UNKNOWN);
  video.addEventListener("loadedmetadata", () => {
    if (video.videoWidth) shape({ width: video.videoWidth, height: video.videoHeight });
    // A sound in a video's clothes.
    else box.classList.add("only-sound");
  });
  video.addEventListener(
    "error",
    () => {
      box.replaceChildren(h("div", { class: "media-broken" }, icon("warning"), "This video cannot be played here."));
    },
    { once: true },
  );
  return h("figure", { class: "media-figure" }, spoilerCover(box, file), caption(file));
}

function audioElement(file) {
  const player = h("audio", {
    src: file.url,
    controls: true,
    preload: "metadata",
    "aria-label": file.description || file.name || "audio",
  });
  return h("figure", { class: "media-figure media-audio" }, player, caption(file));
}

/** Name, size and a download under what plays. */
function caption({ url, name, size, description }) {
  if (!name) return null;
  const download = {
    class: "download",
    href: url,
    download: name,
    "aria-label": `Download ${name}`,
    title: "Download",
  };
  return h(
    "figcaption",
    { class: "media-caption" },
    h("bdi", { class: "media-name", title: name }, name),
    h("span", { class: "media-size" }, fileSize(size)),
    description && h("abbr", { class: "media-alt", title: description }, "ALT"),
    h("a", download, icon("download")),
  );
}

function fileCard({ url, name = "file", size, description }) {
  return h(
    "div",
    { class: "file-card" },
    icon("file"),
    h(
      "div",
      { class: "file-words" },
      h("bdi", { class: "file-name", title: name }, name),
      h("span", { class: "media-size" }, [fileSize(size), description].filter(Boolean).join(" · ")),
    ),
    h(
      "a",
      { class: "download", href: url, download: name, "aria-label": `Download ${name}`, title: "Download" },
      icon("download"),
    ),
  );
}

/** The policy of this page loads nothing from elsewhere, so what stands there is one press away. */
function linkOnly({ url, description, name }) {
  const address = webAddress(url);
  const words = description || name || url;
  if (!address) return h("span", { class: "media-link" }, words);
  return h(
    "a",
    { class: "media-link", href: address.href, target: "_blank", rel: "noopener noreferrer" },
    icon("link"),
    words,
  );
}

/** Keep room for a picture of this shape before it is loaded, as large as fits. */
function frame(element, { width, height }, widest, highest, narrowest = 0) {
  const ratio = width / height;
  const shown = Math.max(Math.min(widest, highest * ratio), Math.min(narrowest, widest));
  element.style.setProperty("--width", `${Math.round(shown)}px`);
  element.style.setProperty("--ratio", String(ratio));
}
