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
