import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { isMap, parseDocument } from "yaml";
import { isObject } from "../../components/levers/scalars.ts";
import { parseStackFile } from "../../pulumi/stackFile.ts";

/** Stands for an encrypted value, which is never read. */
export const secret = "(secret)";

/** A stack's file, with its levers. */
export interface StackDocument {
  file: string;
  text: string;
  /** Every key, with its project's name before it. */
  config: Record<string, unknown>;
  /** The project's own, by name; encrypted parts are {@link secret}. */
  levers: Record<string, unknown>;
}

/** @throws {ToolError} that says where the file is not YAML. */
export function readStackDocument(file: string, stack: string, project: string): StackDocument {
  const text = readFileSync(file, "utf8");
  const config = parseStackFile(text, stack).config ?? {};
  const prefix = `${project}:`;
  const own = Object.entries(config).flatMap(([key, value]) =>
    key.startsWith(prefix) ? [[key.slice(prefix.length), legible(value)]] : [],
  );
  return { file, text, config, levers: Object.fromEntries(own) };
}

function legible(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(legible);
  if (!isObject(value)) return value;
  if (typeof value.secure === "string" && Object.keys(value).length === 1) return secret;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, legible(inner)]));
}

/** One place in a stack's levers and what is to stand there; undefined: nothing. */
export interface Edit {
  path: readonly string[];
  value: unknown;
}

/** The file's text with these edits; comments, order and every secret stay. */
export function edited(text: string, project: string, edits: readonly Edit[]): string {
  const document = parseDocument(text);
  for (const { path, value } of edits) {
    const [lever = "", ...inner] = path;
    const at = ["config", `${project}:${lever}`, ...inner];
    if (value === undefined) {
      if (document.hasIn(at)) document.deleteIn(at);
      continue;
    }
    // What is no map cannot hold a key: it goes.
    for (let depth = 1; depth < at.length; depth++) {
      const holder = document.getIn(at.slice(0, depth), true);
      if (holder !== undefined && !isMap(holder)) document.setIn(at.slice(0, depth), document.createNode({}));
    }
    // A single value takes the place of another within its node, which has the comment beside it.
    document.setIn(at, typeof value === "object" ? document.createNode(value) : value);
  }
  return document.toString({ lineWidth: 0 });
}

/** All of it or nothing: whoever reads the file meanwhile finds one of the two. */
export function writeWhole(file: string, text: string): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text);
  renameSync(draft, file);
}
