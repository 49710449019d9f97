import { createHash } from "node:crypto";

/** Ten hex digits that change whenever any of the values does; the names of immutable objects end in them. */
export function fingerprint(...values: unknown[]): string {
  const hash = createHash("sha256");
  for (const value of values) hash.update(`${JSON.stringify(value)}\n`);
  return hash.digest("hex").slice(0, 10);
}
