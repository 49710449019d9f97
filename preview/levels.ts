/** What each level of a plan would do from where the scratch stack stands. */

import { leverArguments, readArguments, rehearsed, stepCommands } from "../components/levers/commands.ts";
import { elsewhere } from "../components/levers/elsewhere.ts";
import type { Level, Plan, PlanLever, Step } from "../components/plan/plan.ts";
import { type Difference, difference } from "../pages/goldens/difference.ts";
import { Hashes } from "../pages/goldens/hashes.ts";
import { type EnginePreview, enginePreview, type Finding } from "./engine.ts";
import type { Pulumi } from "./pulumi.ts";
import type { Scratch } from "./scratch.ts";

export interface StepPreview {
  /** What a person types. */
  commands: string[];
  difference: Difference;
}

export interface LevelPreview {
  name: string;
  level: Level;
  /** Those that can be carried out, up to the first that cannot. */
  steps: StepPreview[];
  /** Why the level cannot be carried out. */
  impossible: string | undefined;
  /** Rules of the pack that refuse it. */
  refused: Finding[];
  /** What has to be said of the change when the level is needed: by whom it is approved, for one. */
  paperwork: Finding[];
  /** Whether it is for stacks whose traffic goes through a Gateway, or that have a database, and this is none of them. */
  notHere: boolean;
}

/** Whether a level that somebody may need cannot be carried out. */
export const isImpossible = ({ impossible, refused }: LevelPreview): boolean => impossible !== undefined || refused.length > 0;

/** Previews every level from where the stack stands, and leaves it there. */
export async function previewLevels(plan: Plan, scratch: Scratch): Promise<LevelPreview[]> {
  await scratch.keep();
  const read = async (path: string): Promise<string> => (await scratch.pulumi.run(readArguments(path))).stdout.trim();
  const stack = { trafficMode: await read("traffic.mode"), hasDatabase: (await read("database.revision")) !== "" };
  const previews: LevelPreview[] = [];
  for (const [name, level] of Object.entries(plan.levels)) {
    const preview: LevelPreview = { name, level, steps: [], impossible: undefined, refused: [], paperwork: [], notHere: false };
    if (elsewhere(level, stack) !== undefined) preview.notHere = true;
    else await previewSteps(preview, scratch);
    previews.push(preview);
    await scratch.restore();
  }
  return previews;
}

/** Each step from where the one before it left the stack. */
async function previewSteps(preview: LevelPreview, scratch: Scratch): Promise<void> {
  const { steps } = preview.level;
  for (const [index, step] of steps.entries()) {
    preview.impossible = await pull(step, scratch.pulumi);
    if (preview.impossible !== undefined) return;
    const seen = await enginePreview(scratch.pulumi);
    const paperwork = seen.refused.filter(isPaperwork);
    preview.paperwork.push(...paperwork.filter(({ mend }) => !preview.paperwork.some((other) => other.mend === mend)));
    preview.refused = seen.refused.filter((finding) => !isPaperwork(finding));
    preview.impossible = seen.failure;
    if (isImpossible(preview)) return;
    preview.steps.push({ commands: stepCommands(step, rehearsed), difference: differenceOf(seen) });
    if (index + 1 < steps.length) await scratch.update();
  }
}

/** What is said of a change in its stack's file (`change.approvedBy`) is said when it is made. */
const isPaperwork = ({ message }: Finding): boolean => /^change\b/.test(message);

/** Pulls a step's levers by the commands that a person would type; says why where one cannot be pulled. */
async function pull({ levers }: Step, pulumi: Pulumi): Promise<string | undefined> {
  for (const lever of levers) {
    const found = await valueFor(lever, pulumi);
    if ("missing" in found) return found.missing;
    const { exitCode, stderr } = await pulumi.run(leverArguments({ path: lever.path, value: found.value }));
    if (exitCode !== 0) return stderr.trim();
  }
  return undefined;
}

async function valueFor(lever: PlanLever, pulumi: Pulumi) {
  if (!("sameAs" in lever)) return { value: "value" in lever ? lever.value : undefined };
  const { exitCode, stdout } = await pulumi.run(readArguments(lever.sameAs));
  if (exitCode === 0) return { value: stdout.trim() };
  const example = lever.sameAs.endsWith("image") ? "<name@sha256:digest>" : "<value>";
  const message = `${lever.sameAs}: not set, and the level sets ${lever.path} to it`;
  return { missing: `${message}\n    mend it with: pulumi config set --path ${lever.sameAs} ${example}` };
}

/** With numbers in place of the hashes in names, so that the same thing under another hash is told by what differs in it. */
export function differenceOf({ before, after }: Pick<EnginePreview, "before" | "after">): Difference {
  const hashes = new Hashes();
  return difference(hashes.number(before), hashes.number(after));
}
