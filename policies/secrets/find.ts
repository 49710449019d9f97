import { formats } from "./formats.ts";
import { isAmbiguous, isSecretName } from "./names.ts";
import { decoded, hasRandomWord } from "./randomness.ts";

/** What a name that says "secret" may hold in plain text: nothing, a yes or no, a reference to what is elsewhere. */
const harmless = /^(|true|false|null|none|\$.*|<.*>|\{\{.*|%.*%|\/[\w./-]*|https?:\/\/[^@]*)$/i;
/** What stands after a name in documentation and schemas. */
const word = /^(string|number|boolean|required|optional|yes|no|\*+)$/i;
const name = "(?<![\\w.])([A-Za-z][\\w.-]*)[\"']?";
const value = "[\"']?([^\\s\"',;&{}[\\]]+)";
/** `name=value` anywhere; `name: value` not in the middle of a sentence. */
const assignments = [`${name}[ \\t]*=[ \\t]*${value}`, `(?<!\\w )${name}[ \\t]*:[ \\t]*${value}`].map((each) => new RegExp(each, "g"));
const base64 = /[A-Za-z0-9+/]{24,}={0,2}/g;

/** How one can tell that a value under this name is a secret; undefined where nothing says so. Never the value itself. */
export function secretBy(name: string, value: string): string | undefined {
  if (isSecretName(name) && !harmless.test(value.trim())) return "its name says that it is a secret";
  return secretIn(value);
}

/** How one can tell that there is a secret in a text. */
export function secretIn(text: string): string | undefined {
  const found = formats.find(([, format]) => format.test(text));
  if (found) return `it has ${found[0]} in it`;
  for (const [, name = "", value = ""] of assignments.flatMap((each) => [...text.matchAll(each)])) {
    if (isSecretName(name) && !isAmbiguous(name) && !harmless.test(value) && !word.test(value)) return `it has a value for ${name} in it`;
  }
  if (hasRandomWord(text)) return "it looks random, as keys do";
  const inner = (text.match(base64) ?? []).map(decoded).find((each) => each !== undefined && secretIn(each) !== undefined);
  return inner && `${secretIn(inner)}, in Base64`;
}

const placeholder =
  /^(<.*>|\$?\{.*\}|change[-_ ]?me|replace[-_ ]?me|to[-_ ]?do|tbd|fix[-_ ]?me|placeholder|dummy|fake|example|secret|password|null|undefined|none|x{3,}|\*{3,}|\.{3,}|(your|my|insert|enter)[-_ ].*|.*[-_ ]here)$/i;

/** Whether a value only stands where a secret has to be put. */
export const isPlaceholder = (value: string): boolean => placeholder.test(value.trim());
