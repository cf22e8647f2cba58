/** Bytes as people say them. */
export function fileSize(bytes) {
  if (bytes == null) return "";
  if (bytes < 1000) return `${bytes} bytes`;
  const [unit, size] = bytes < 999_500 ? ["KB", 1000] : bytes < 999_500_000 ? ["MB", 1e6] : ["GB", 1e9];
  const count = bytes / size;
  return `${count < 10 ? count.toFixed(1) : Math.round(count)} ${unit}`;
}
