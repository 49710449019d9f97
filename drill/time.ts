/** `2026-02-03 10:00 UTC`; `time` is milliseconds since the epoch. */
export function utc(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** `2026-02-03-100000`; `time` is milliseconds since the epoch. */
export function stamp(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replaceAll(":", "").replace("T", "-");
}
