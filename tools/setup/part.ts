import { ToolError } from "../errors.ts";
import type { Runner } from "./process.ts";

export type PartName =
  | "node"
  | "pulumi"
  | "language-host"
  | "kubernetes-provider"
  | "debian"
  | "etcd"
  | "kubernetes"
  | "kubectl"
  | "coredns"
  | "pause"
  | "kwok"
  | "helm"
  | "gateway-api"
  | "traefik"
  | "promtool"
  | "actionlint"
  | "policies"
  | "rollback-command"
  | "stores";

export interface Part {
  name: PartName;
  /** As a person calls it, with its version. */
  title: string;
  /** How long making it takes at most on two cores, for the progress line: "about 5 min". */
  usually: string;
  /** Parts that it does not work without, made with it. */
  needs?: PartName[];
  /** Parts that are made before it where they are made at all: it takes something of them, or shares most of its compiling. */
  after?: PartName[];
  /** Whether making it keeps all cores busy for minutes (a Go build); then few run at once. */
  heavy?: boolean;
  /** Free space in bytes that building it may take, caches included. */
  space?: number;
  /** Addresses it may be downloaded from; asked beforehand whether they answer. */
  urls?: string[];
  /** Whether what is there is complete and of the pinned version. Must take milliseconds. */
  present(): boolean;
  /** Makes it; leaves either the complete part or what was there before. Returns where it came from, in a word or two. */
  make(run: Runner): Promise<string>;
}

/** A part of the toolchain cannot be had here. */
export class PartError extends ToolError {
  readonly part: PartName;
  /** What was tried, in order, each with why it did not work. */
  readonly tried: string[];
  /** What the user can do about it. */
  readonly remedy: string;

  constructor(part: PartName, title: string, tried: string[], remedy: string) {
    super(`${title} cannot be set up.\n${tried.map((line) => `  tried: ${line}`).join("\n")}\n  What to do: ${remedy}`);
    this.part = part;
    this.tried = tried;
    this.remedy = remedy;
  }
}
