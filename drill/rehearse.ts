/** Level after level, with the before state restored after each. */

import type { Lever } from "../components/levers/commands.ts";
import type { Level, Plan } from "../components/plan/plan.ts";
import { commandsFor, currentLevers, pathsOf } from "../pulumi/levers.ts";
import { CommandError } from "../pulumi/pulumi.ts";
import { project, readStackConfig } from "../pulumi/stackFile.ts";
import { drillLevel, type LevelContext, lookForRows, setLevers, valueFor } from "./level.ts";
import type { LevelOutcome } from "./outcome.ts";
import { deployed, deployment, restoresBackup } from "./restore.ts";

/** What sends a stack's traffic through the Gateway that its config names. */
const throughGateway: Lever = { path: "traffic.mode", value: "gateway" };

export interface Rehearsal extends LevelContext {
  /** How requests reach the service through the Gateway; null where no level that is drilled needs one. */
  gateway: LevelContext["traffic"];
  stack: string;
  /** Told which levers must be set back before a level pulls its own, and null when they are back. */
  onPulled: (before: readonly Lever[] | null) => void;
}

/** Throws where `names` holds a level that the plan does not have. */
export function chooseLevels(plan: Plan, names: readonly string[]): string[] {
  const known = Object.keys(plan.levels);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`the plan of ${plan.system} has no level ${unknown.join(", ")}; it has ${known.join(", ")}`);
  return names.length > 0 ? [...names] : known;
}

/** Drills `names` in order. Stops early when interrupted or when the before state could not be restored. */
export async function rehearse(names: readonly string[], rehearsal: Rehearsal): Promise<LevelOutcome[]> {
  const outcomes: LevelOutcome[] = [];
  for (const name of names) {
    const level = rehearsal.plan.levels[name];
    if (level === undefined) continue;
    const { stack, gateway, pulumi, step } = rehearsal;
    const moved = level.traffic === "gateway" ? [throughGateway] : [];
    const paths = [...pathsOf(level), ...moved.map(({ path }) => path)];
    const before = currentLevers(readStackConfig(stack), paths, project);
    rehearsal.onPulled(before);
    if (moved.length > 0) await step(`${name}: traffic through the Gateway`, () => setLevers(moved, pulumi));
    const restoring = restoresBackup(level);
    if (restoring) await step(`${name}: release and revision of before the deployment`, () => undeploy(level, rehearsal));
    const context = {
      ...rehearsal,
      ...(moved.length > 0 && { traffic: gateway }),
      deployment: restoring ? deployment(level, before) : null,
    };
    const outcome = await drillLevel(name, level, context);
    outcomes.push(outcome);
    const untouched = outcome.marks === null && moved.length === 0 && !restoring;
    const restored = untouched || (await putBack(outcome, before, rehearsal));
    if (!restored) break;
    rehearsal.onPulled(null);
    if (rehearsal.signal.aborted) break;
  }
  return outcomes;
}

/** Goes to where the deployment began that the level takes back. */
async function undeploy(level: Level, { pulumi }: Pick<Rehearsal, "pulumi">): Promise<void> {
  const levers: Lever[] = [];
  for (const lever of deployed(level)) levers.push({ path: lever.path, value: await valueFor(lever, (args) => pulumi.run(args)) });
  await setLevers(levers, pulumi);
}

async function putBack(outcome: LevelOutcome, before: readonly Lever[], rehearsal: Rehearsal): Promise<boolean> {
  const { pulumi, step, stack } = rehearsal;
  try {
    outcome.rollbacks = await step(`${outcome.name}: restoring the before state`, () => setLevers(before, pulumi));
    await lookForRows(outcome, "the way back", rehearsal);
    return true;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const way = commandsFor(before, stack).map((command) => `  ${command}`);
    const failure = [`the before state could not be restored: ${error.message}`, "these commands restore it:", ...way].join("\n");
    outcome.error = outcome.error === null ? failure : `${outcome.error}\n${failure}`;
    return false;
  }
}
