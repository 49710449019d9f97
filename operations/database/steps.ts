/** The steps by their names, with what each takes. */

import { parseArgs } from "node:util";
import { assess } from "./assess.ts";
import { backUp, verifyBackup } from "./backup.ts";
import { listBackups } from "./backups.ts";
import { check } from "./check.ts";
import { readChecks, withExpectation } from "./checks.ts";
import { DatabaseError } from "./errors.ts";
import { loss } from "./loss.ts";
import { others } from "./others.ts";
import { podsHere } from "./publish.ts";
import { quiet } from "./quiet.ts";
import { recover } from "./recover.ts";
import { repair } from "./repair.ts";
import { restore } from "./restore.ts";
import { sameRevision } from "./revision.ts";
import type { Server } from "./server.ts";
import { told } from "./told.ts";

/** Prints a line for people. */
export type Say = (line: string) => void;

interface Step {
  usage: string;
  /** Paths and names, of which there have to be as many; with `more`, at least as many. */
  takes: number;
  more?: true;
  options: readonly Option[];
  /** The step that its result is the evidence of; its own without it. */
  evidenceOf?(given: string[]): string;
  run(server: Server, given: string[], options: Options, say: Say): Promise<unknown>;
}

const types = {
  folder: { type: "string" },
  restore: { type: "string" },
  checks: { type: "string" },
  keep: { type: "string" },
  spare: { type: "string", multiple: true },
  sequential: { type: "boolean" },
  confirm: { type: "boolean" },
} as const;
type Option = keyof typeof types;
type Options = {
  folder?: string;
  restore?: string;
  checks?: string;
  keep?: string;
  spare?: string[];
  sequential?: boolean;
  confirm?: boolean;
};

const steps: Record<string, Step> = {
  assess: {
    usage: "assess [--folder FOLDER] [--restore FILE]",
    takes: 0,
    options: ["folder", "restore"],
    run: (server, _, options) => assess(server, options),
  },
  backup: {
    usage: "backup FOLDER [--sequential] [--checks CHECKS.json] [--keep COUNT [--spare NAME]…]",
    takes: 1,
    options: ["sequential", "checks", "keep", "spare"],
    run: (server, [folder = ""], { sequential, checks, keep, spare = [] }, say) => {
      const queries = checks === undefined ? undefined : withExpectation(readChecks(checks).queries);
      return backUp(server, folder, {
        queries,
        sequential,
        retention: keep === undefined ? undefined : { keep: countOf(keep), spare },
        say,
      });
    },
  },
  backups: { usage: "backups FOLDER", takes: 1, options: [], run: async (_, [folder = ""]) => listBackups(folder) },
  verify: { usage: "verify FILE", takes: 1, options: [], run: (server, [file = ""]) => verifyBackup(server, file) },
  others: {
    usage: "others APP POD",
    takes: 2,
    options: [],
    run: (_, [app = "", self = ""], _options, say) => others({ pods: podsHere(), app, self, say }),
  },
  quiet: {
    usage: "quiet APP [RELEASE…]",
    takes: 1,
    more: true,
    options: [],
    run: (_, [app = "", ...releases], _options, say) => quiet({ pods: podsHere(), app, releases, say }),
  },
  revision: {
    usage: "revision POD CONTAINER REVISION",
    takes: 3,
    options: [],
    run: (_, [pod = "", container = "", revision = ""]) => sameRevision(podsHere(), pod, container, revision),
  },
  restore: {
    usage: "restore FILE [--checks CHECKS.json]",
    takes: 1,
    options: ["checks"],
    run: (server, [file = ""], { checks }, say) => restore(server, file, checks, say),
  },
  told: {
    usage: "told STEP POD CONTAINER",
    takes: 3,
    options: [],
    evidenceOf: ([step = ""]) => step,
    run: (_, [, pod = "", container = ""]) => told(podsHere(), pod, container),
  },
  check: { usage: "check CHECKS.json", takes: 1, options: [], run: (server, [file = ""], _, say) => check(server, file, say) },
  repair: {
    usage: "repair CHECKS.json NAME … [--confirm]",
    takes: 2,
    more: true,
    options: ["confirm"],
    run: (server, [file = "", ...names], { confirm = false }, say) => repair(server, file, names, confirm, say),
  },
  loss: { usage: "loss FORENSIC.dump", takes: 1, options: [], run: (server, [file = ""], _, say) => loss(server, file, say) },
  recover: {
    usage: "recover FORENSIC.dump [--confirm]",
    takes: 1,
    options: ["confirm"],
    run: (server, [file = ""], { confirm = false }, say) => recover(server, file, confirm, say),
  },
};

function countOf(keep: string): number {
  if (/^[1-9]\d*$/.test(keep)) return Number(keep);
  throw new DatabaseError(`--keep: expected how many backups are kept, 1 or more, got ${JSON.stringify(keep)}`);
}

/** One a line. */
export const usage = Object.values(steps)
  .map((step) => `database ${step.usage}`)
  .join("\n");

/** The step that arguments ask for, and the name of its evidence; nothing where they ask for none as it is taken. */
export function parse([name = "", ...args]: string[]): { name: string; take: (server: Server, say: Say) => Promise<unknown> } | undefined {
  const step = Object.hasOwn(steps, name) ? steps[name] : undefined;
  if (!step) return undefined;
  try {
    const options = Object.fromEntries(step.options.map((option) => [option, types[option]]));
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    if (positionals.length < step.takes || (positionals.length > step.takes && !step.more)) return undefined;
    return {
      name: step.evidenceOf?.(positionals) ?? name,
      take: (server, say) => step.run(server, positionals, values as Options, say),
    };
  } catch {
    return undefined;
  }
}
