/** A size in the unit that Discord's limits are told in, rounded up so that one byte too many shows. */
export function megabytes(bytes) {
  if (bytes < MB / 10) return `${Math.max(1, Math.ceil(bytes / 1024))} KB`;
  return `${Math.ceil((bytes / MB) * 10) / 10} MB`;
}

/** Why a file cannot be sent here, as a sentence, or null. */
export function refusal(file, limit) {
  const { name, size } = file;
  if (size > limit) return `“${name}” has ${megabytes(size)}; this server takes ${megabytes(limit)}.`;
  return size === 0 ? `“${name}” is empty.` : null;
}

/** Read a file as the control API takes it; raises an Error with a sentence when it is gone from the disk. */
export async function encode(file) {
  const address = await new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(new UnreadableFile(`“${file.name}” could not be read. Choose it again.`));
    reader.readAsDataURL(file);
  });
  return {
    filename: file.name,
    content_type: file.type || "application/octet-stream",
    base64: address.slice(address.indexOf(",") + 1),
  };
}

/** A file that was chosen and has changed or gone since. */
export class UnreadableFile extends Error {}

/** The files that were pasted or dropped, and a sentence about folders among them. */
export function carried(transfer) {
  const items = [...(transfer?.items ?? [])].filter((item) => item.kind === "file");
  const folders = items.map((item) => item.webkitGetAsEntry?.()).filter((entry) => entry?.isDirectory);
  const names = new Set(folders.map((folder) => folder.name));
  const files = [...(transfer?.files ?? [])].filter((file) => !names.has(file.name));
  return {
    files,
    problem: folders.length > 0 ? `“${folders[0].name}” is a folder; files can be sent one by one.` : null,
  };
}

const MB = 1024 * 1024;
