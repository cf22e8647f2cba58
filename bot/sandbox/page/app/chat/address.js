/** The address as a URL when a person may follow it, or null: only http and https. */
export function webAddress(text) {
  if (typeof text !== "string" || !URL.canParse(text)) return null;
  const url = new URL(text);
  return url.protocol === "https:" || url.protocol === "http:" ? url : null;
}

/** The address when the page may load it by itself (this sandbox's files, data and blob), or null. */
export function ownAddress(text) {
  if (typeof text !== "string" || !URL.canParse(text)) return null;
  const url = new URL(text);
  const own = url.origin === location.origin || url.protocol === "blob:";
  return own || /^data:(image|video|audio)\//i.test(text) ? url.href : null;
}

/**
 * What a thing shows, as a text to compare. The sandbox signs the addresses of files anew in every answer; that is
 * no change.
 */
export function signature(thing) {
  return JSON.stringify(thing ?? null).replace(SIGNED, "");
}

const SIGNED = /\?ex=[0-9a-f]+&is=[0-9a-f]+&hm=[0-9a-f]+&?/g;
