import { h, icon, iconButton } from "../dom.js";

/** Open a picture large; Esc, the button or a press beside it closes. */
export function openLightbox({ url, name, description }) {
  const close = () => dialog.close();
  const download = {
    class: "icon-button",
    href: url,
    download: name ?? "image",
    "aria-label": "Download",
    title: "Download",
  };
  const dialog = h(
    "dialog",
    { class: "lightbox", "aria-label": description || name || "Picture", onclose: () => dialog.remove() },
    h(
      "div",
      { class: "lightbox-bar" },
      h("bdi", { class: "lightbox-name" }, name ?? ""),
      h("a", download, icon("download")),
      iconButton("close", "Close", close),
    ),
    h("img", { class: "lightbox-image", src: url, alt: description || name || "" }),
    description && h("p", { class: "lightbox-words" }, description),
  );
  dialog.addEventListener("click", ({ target }) => target === dialog && close());
  document.body.append(dialog);
  dialog.showModal();
}
