/**
 * Secret texts seen in this process, so that no message carries one: the API server quotes refused values, and crashing
 * containers print their environment.
 */
const seen = new Set<string>();
/** The longest first: what is left of a secret after a part of it was hidden would not be recognized. */
let ordered: string[] | undefined;

/** Shorter texts would blank out ordinary words. */
const SHORTEST = 6;
/** A key of many lines is printed line by line, and only its last lines may be. */
const SHORTEST_LINE = 16;

export function remember(secrets: Iterable<string>): void {
  for (const text of secrets) {
    if (text.length < SHORTEST || seen.has(text)) continue;
    add(text);
    const decoded = Buffer.from(text, "base64");
    if (decoded.length >= SHORTEST && decoded.toString("base64") === text) add(decoded.toString("utf8"));
  }
}

function add(text: string): void {
  const lines = text.split("\n").filter((line) => line.length >= SHORTEST_LINE);
  // Servers quote values with their line breaks and quotes escaped.
  for (const form of [text, JSON.stringify(text).slice(1, -1), ...lines]) seen.add(form);
  ordered = undefined;
}

export function redact(message: string): string {
  ordered ??= [...seen].sort((left, right) => right.length - left.length);
  let result = message;
  for (const text of ordered) if (result.includes(text)) result = result.replaceAll(text, "[secret]");
  return result;
}
