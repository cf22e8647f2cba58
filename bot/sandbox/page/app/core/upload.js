/** Read a file as the control API takes it; raises an UnreadableFile with a sentence when it is gone from the disk. */
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
