/** Which text looks as if nobody had written it. */

/** Hex is left alone: a key in it looks like the digests that configuration is full of. */
const words = /[A-Za-z0-9+/_-]{20,200}={0,2}/g;
/** What is random by nature and no secret: addresses, integrity digests, public keys and certificates, embedded files. */
const harmless =
  /https?:\/\/\S+|\bsha\d+[-:][A-Za-z0-9+/=]+|\bssh-[a-z0-9-]+ [A-Za-z0-9+/=]+|-----BEGIN (?:CERTIFICATE|PUBLIC KEY)-----[\s\S]*?-----END [A-Z ]+-----|\bdata:[\w/+.-]+;base64,[A-Za-z0-9+/=]+/g;

/** Whether a text has a word in it of characters at random, as keys are made. */
export function hasRandomWord(text: string): boolean {
  return (text.replaceAll(harmless, " ").match(words) ?? []).some((word) => isRandom(word) && !isEncodedText(word));
}

/**
 * Whether a word is of large, small and digits, hardly any of them more often than another, and one kind following the next as often as by
 * chance (0.62 times of what comes before). Words of people, names of models and paths stay below: few kinds change, and letters repeat.
 */
function isRandom(word: string): boolean {
  const kinds = [...word].map(kindOf);
  if (!["a", "A", "0"].every((kind) => kinds.includes(kind))) return false;
  const changes = kinds.filter((kind, index) => index > 0 && kind !== kinds[index - 1]).length;
  return changes / (word.length - 1) >= 0.35 && entropy(word) >= Math.min(4, Math.log2(word.length) - 0.9);
}

function kindOf(character: string): string {
  if (/[a-z]/.test(character)) return "a";
  if (/[A-Z]/.test(character)) return "A";
  return /\d/.test(character) ? "0" : "-";
}

/** Shannon's, in bits a character. */
function entropy(word: string): number {
  const counts = new Map<string, number>();
  for (const character of word) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / word.length) * Math.log2(count / word.length), 0);
}

/** Base64 of what a person can read, as configuration is handed on; what it says is looked at for itself. */
const isEncodedText = (word: string): boolean => decoded(word) !== undefined;

/** The text that a word of Base64 stands for; nothing where it stands for none. */
export function decoded(word: string): string | undefined {
  const text = Buffer.from(word, "base64").toString("utf8");
  return text.length >= 8 && /^[\t\n\r\x20-\x7e\u00a0-\u{fffc}]*$/u.test(text) ? text : undefined;
}
