import { z } from "zod";
import { type Problem, told } from "../levers/errors.ts";
import { quote } from "../levers/scalars.ts";
import type { Drilled } from "./change.ts";

/** The last good rehearsal of each level, by the level's name. */
export type Drills = Readonly<Record<string, Drilled>>;

/** The file with a system's drills is damaged, so that nothing is known of them. */
export class DrillsError extends Error {
  override name = "DrillsError";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(told(problem));
    this.problem = problem;
  }
}

const drilled = z.strictObject(
  {
    at: z.iso.datetime({ error: ({ input }) => `expected a time in UTC, like 2026-11-21T18:00:00Z, got ${quote(input)}` }),
    seconds: z.number({ error: ({ input }) => `expected seconds, got ${quote(input)}` }).positive("expected more than 0 seconds"),
  },
  { error: ({ input }) => `expected { at, seconds }, got ${quote(input)}` },
);
const schema = z.record(z.string(), drilled, { error: "expected { <level>: { at, seconds } }" });

/**
 * The text of `stacks/drills/<system>.json`.
 * @throws {DrillsError} that says what is wrong with it, all at once.
 */
export function parseDrills(text: string, system: string): Drills {
  const parsed = schema.safeParse(json(text, system));
  if (parsed.success) return parsed.data;
  const found = parsed.error.issues.map(({ path, message }) => (path.length > 0 ? `${path.join(".")}: ${message}` : message));
  throw damaged(system, found.join("; "));
}

function json(text: string, system: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw damaged(system, `not JSON: ${(error as Error).message}`);
  }
}

function damaged(system: string, message: string): DrillsError {
  const path = `stacks/drills/${system}.json`;
  return new DrillsError({ path, message, command: `rm ${path} && npm run drill -- ${system} --record` });
}
