import { existsSync, readFileSync } from "node:fs";
import { commandLine, readArguments } from "./commands.ts";
import type { Problem } from "./errors.ts";
import { isObject } from "./scalars.ts";

/** What the engine and the stack's file say of which levers are encrypted. */
export interface Secrecy {
  /** Whether any part of a lever is. */
  isSecret: (lever: string) => boolean;
  /** Text of the stack's file; nothing where it has none, as with config from an ESC environment. */
  stackFile: string | undefined;
}

interface Leaf {
  /** As `pulumi config set --path` takes it. */
  path: string;
  value: string;
}

export const readStackFile = (file: string): string | undefined => (existsSync(file) ? readFileSync(file, "utf8") : undefined);

/**
 * Levers that are secrets, though a reader must see what a rollback changes and pods would hold them in plain text; and credentials
 * that are none. The engine tells only of whole levers whether they hold a secret: which part it is, the stack's file tells.
 */
export function misplacedSecrets(raw: Record<string, unknown>, { isSecret, stackFile = "" }: Secrecy): Problem[] {
  return Object.entries(raw).flatMap(([lever, value]) => {
    const parts = leaves(lever, value);
    const legible = ({ value: text }: Leaf): boolean => standsIn(stackFile, text);
    if (lever === "credentials") return parts.filter((leaf) => !isSecret(lever) || legible(leaf)).map(plainCredential);
    if (!isSecret(lever)) return [];
    const encrypted = parts.filter((leaf) => !legible(leaf));
    return (encrypted.length > 0 ? encrypted : [{ path: lever, value: "" }]).map(secretLever);
  });
}

function secretLever({ path }: Leaf): Problem {
  const [, , ...key] = readArguments(path);
  return {
    path,
    message: "is a secret; expected plain text, which everyone can read in the stack's file. Only credentials are secrets",
    command: `${commandLine(["config", "set", "--plaintext", ...key])} <value>`,
  };
}

function plainCredential({ path }: Leaf): Problem {
  return {
    path,
    message: "is plain text in the stack's file; expected a secret. Whoever reads the file has it: replace it at the provider too",
    command: `pulumi config set --secret --path ${path} (it asks for the value)`,
  };
}

function leaves(path: string, value: unknown): Leaf[] {
  if (Array.isArray(value)) return value.flatMap((inner, index) => leaves(`${path}[${index}]`, inner));
  if (!isObject(value)) return [{ path, value: String(value) }];
  return Object.entries(value).flatMap(([key, inner]) => leaves(`${path}.${key}`, inner));
}

/** As a word of its own: "5" does not stand in "50". */
function standsIn(text: string, value: string): boolean {
  const word = /[\w-]/;
  for (let at = text.indexOf(value); at >= 0 && value !== ""; at = text.indexOf(value, at + 1)) {
    if (!word.test(text[at - 1] ?? "") && !word.test(text[at + value.length] ?? "")) return true;
  }
  return false;
}
