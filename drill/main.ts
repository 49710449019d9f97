/** `npm run drill`: a rehearsal of a system's levels under load, measured against their objectives. */

import { relative } from "node:path";
import { readDrills } from "../stacks/drills.ts";
import { PartError } from "../tools/setup/index.ts";
import { whileAlone } from "./lock.ts";
import { type DrillOptions, everySystem, parseOptions, UsageError, usage } from "./options.ts";
import { type DrillOutcome, passed } from "./outcome.ts";
import { writeOverview } from "./overview.ts";
import { recordDrill } from "./record.ts";
import { chooseLevels } from "./rehearse.ts";
import { stackName } from "./stack.ts";
import { drillSystem } from "./system.ts";
import { loadPlan, systems } from "./systems.ts";
import { terminalTable } from "./table.ts";

/**
 * Runs the drill that `argv` (what follows `npm run drill --`) asks for.
 * @returns the exit code: 0 every level passed, 1 a level or a step failed, 2 wrong arguments, 130 interrupted.
 */
export async function drillCommand(argv: string[]): Promise<number> {
  try {
    if (argv.includes("--help")) {
      console.log(usage);
      return 0;
    }
    const options = parseOptions(argv);
    return options.system === everySystem ? await drillAll(options) : exitCode([await drillOne(options)]);
  } catch (error) {
    if (error instanceof PartError) throw error;
    console.error(message(error));
    return error instanceof UsageError ? 2 : 1;
  }
}

async function drillOne(options: DrillOptions): Promise<DrillOutcome | null> {
  const plan = await loadPlan(options.system);
  const names = chooseLevels(plan, options.levels);
  // A damaged record is told before the drill, not after it.
  if (options.record) readDrills(plan.system);
  const outcome = await whileAlone(stackName(plan.system), () => drillSystem(plan, names, options));
  if (options.record && outcome) recordDrill(plan, outcome);
  return outcome;
}

/** One system after the other; one that cannot be drilled does not keep the others from it. */
async function drillAll(options: DrillOptions): Promise<number> {
  const startedAt = Date.now();
  const outcomes: (DrillOutcome | null)[] = [];
  const broken: string[] = [];
  for (const system of systems()) {
    console.log(`\n${system}`);
    try {
      const outcome = await drillOne({ ...options, system });
      outcomes.push(outcome);
      if (outcome === null || outcome.interrupted) break;
    } catch (error) {
      if (error instanceof PartError) throw error;
      console.error(message(error));
      broken.push(`${system}: ${message(error)}`);
    }
  }
  const drilled = outcomes.filter((outcome) => outcome !== null);
  if (drilled.length > 0) console.log(`\n${terminalTable(drilled)}\n`);
  console.log(`Overview: ${relative(process.cwd(), writeOverview({ startedAt, endedAt: Date.now(), outcomes: drilled, broken }))}`);
  return broken.length > 0 ? 1 : exitCode(outcomes);
}

function exitCode(outcomes: readonly (DrillOutcome | null)[]): number {
  if (outcomes.some((outcome) => outcome === null || outcome.interrupted)) return 130;
  return outcomes.every((outcome) => outcome !== null && passed(outcome)) ? 0 : 1;
}

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));
