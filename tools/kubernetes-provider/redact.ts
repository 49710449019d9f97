/**
 * Secret texts seen in this process, so that no message carries one: the API server quotes refused values, and crashing
 * containers print their environment.
 */
const seen = new Set<string>();

/** Shorter texts would blank out ordinary words. */
const SHORTEST = 6;

export function remember(secrets: Iterable<string>): void {
  for (const text of secrets) {
    if (text.length < SHORTEST) continue;
    seen.add(text);
    const decoded = Buffer.from(text, "base64");
    if (decoded.length >= SHORTEST && decoded.toString("base64") === text) seen.add(decoded.toString("utf8"));
  }
}

export function redact(message: string): string {
  let result = message;
  for (const text of seen) if (result.includes(text)) result = result.replaceAll(text, "[secret]");
  return result;
}
