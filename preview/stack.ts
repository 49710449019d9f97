/** One stack of a pull request: what the change does to it, and what each level would do after. */

import type { Drilled } from "../components/guards/change.ts";
import type { Plan } from "../components/plan/plan.ts";
import { type ReleaseRecord, readRecord } from "../components/releaseRecord.ts";
import type { Difference } from "../pages/goldens/difference.ts";
import { parseStackFile, readStackConfig } from "../pulumi/stackFile.ts";
import { readDrills } from "../stacks/drills.ts";
import { plans } from "../stacks/plans.ts";
import { pulumiEnvironment } from "../tools/environment.ts";
import { projectRoot } from "../tools/paths.ts";
import type { AffectedStack } from "./affected.ts";
import { type ChangedLever, changedLevers } from "./changedLevers.ts";
import { type EnginePreview, enginePreview } from "./engine.ts";
import { textIn } from "./git.ts";
import { differenceOf, isImpossible, type LevelPreview, previewLevels } from "./levels.ts";
import { Pulumi } from "./pulumi.ts";
import { Scratch } from "./scratch.ts";

/** From what a stack's change is previewed: its own state, nothing before a first update, or nothing that this run may read. */
export type Ground = "state" | "first" | "unread";

export interface StackPreview extends AffectedStack {
  title: string;
  levers: ChangedLever[];
  ground: Ground;
  /** What the engine and the pack say of the change; undefined where the stack's state was not read. */
  proposed: (Pick<EnginePreview, "refused" | "advised" | "exempt"> & { difference: Difference }) | undefined;
  /** Why the change itself cannot be previewed. */
  failure: string | undefined;
  /** None where the change itself cannot be carried out. */
  levels: LevelPreview[];
  drills: Record<string, Drilled>;
  /** Whether the stack's Google Cloud was left out of the levels' previews. */
  withoutGoogleCloud: boolean;
}

/** Whether the change should not be merged as it is. */
export const isRefused = ({ failure, proposed, levels }: StackPreview): boolean =>
  failure !== undefined || (proposed?.refused.length ?? 0) > 0 || levels.some(isImpossible);

export interface PreviewArgs {
  /** The commit that the change started from. */
  base: string;
  offline: boolean;
}

export async function previewStack(affected: AffectedStack, { base, offline }: PreviewArgs): Promise<StackPreview> {
  const { stack, system } = affected;
  const config = readStackConfig(stack);
  const preview: StackPreview = {
    ...affected,
    title: system,
    levers: changedLevers(parseStackFile((await textIn(base, `stacks/Pulumi.${stack}.yaml`)) ?? "", stack).config ?? {}, config),
    ground: offline ? "unread" : "state",
    proposed: undefined,
    failure: undefined,
    levels: [],
    drills: {},
    withoutGoogleCloud: Object.keys(Object(config["rollback-stacks:gcp"])).length > 0,
  };
  try {
    const plan = await planOf(system);
    preview.title = plan.title;
    preview.drills = readDrills(system);
    await fill(preview, plan);
  } catch (error) {
    preview.failure ??= (error as Error).message;
  }
  return preview;
}

function planOf(system: string): Promise<Plan> {
  const load = plans[system];
  if (load) return load();
  throw new Error(`system: there is no plan stacks/${system}.ts; there are ${Object.keys(plans).join(", ")}`);
}

async function fill(preview: StackPreview, plan: Plan): Promise<void> {
  const { stack } = preview;
  const own = new Pulumi(projectRoot, pulumiEnvironment(), stack);
  const past = preview.ground === "unread" ? { known: false, record: undefined } : await readPast(own);
  const scratch = await Scratch.make(stack, plan, past.record);
  try {
    if (preview.ground !== "unread") {
      if (!past.record) preview.ground = "first";
      const { refused, advised, exempt, failure, ...states } = await enginePreview(past.known ? own : scratch.pulumi);
      preview.proposed = { refused, advised, exempt, difference: differenceOf(states) };
      preview.failure = failure;
      if (failure !== undefined) return;
    }
    await scratch.update();
    preview.levels = await previewLevels(plan, scratch);
  } finally {
    scratch.remove();
  }
}

interface Past {
  /** Whether the backend has such a stack. */
  known: boolean;
  /** What its last verified update left; nothing before the first. */
  record: ReleaseRecord | undefined;
}

/** Throws where the stack's state cannot be read. */
async function readPast(pulumi: Pulumi): Promise<Past> {
  const { exitCode, stdout, stderr } = await pulumi.run(["stack", "output", "--json", "--stack", pulumi.stack]);
  if (exitCode === 0) {
    const { release } = JSON.parse(stdout) as { release?: unknown };
    return { known: true, record: release === undefined ? undefined : readRecord(release) };
  }
  if (/no stack named/.test(stderr)) return { known: false, record: undefined };
  throw new Error(`The stack's state cannot be read:\n${stderr.trim()}`);
}
