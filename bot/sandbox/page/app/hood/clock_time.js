/** Write seconds since 1970 as HH:MM:SS in the reader's time zone. */
export function clockTime(seconds) {
  const time = new Date(seconds * 1000);
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");
}
