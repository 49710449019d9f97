/** "If this goes wrong": what each level would do from the proposed state, as Markdown. */

import { duration } from "../components/plan/words.ts";
import { table } from "../pages/runbook/markdown.ts";
import { counts, fields, pods } from "./figures.ts";
import { findingList } from "./findings.ts";
import { isImpossible, type LevelPreview, type StepPreview } from "./levels.ts";
import { alert, folded, inline, verbatim } from "./markdown.ts";
import type { StackPreview } from "./stack.ts";

const titleOf = ({ name, level }: LevelPreview): string => `${level.title} (${inline(name)})`;

/** What is wrong first and loud, then a row a level. */
export function levelSection({ levels, drills }: StackPreview): string[] {
  const rows = levels.map((preview) => [
    `${isImpossible(preview) ? "❌ " : ""}${titleOf(preview)}`,
    duration(preview.level.rtoSeconds),
    drilled(drills[preview.name]),
    ...(preview.notHere ? ["only with `traffic.mode` gateway", "–", "–"] : reach(preview)),
  ]);
  return [...levels.filter(isImpossible).map(caution), table(["level", "RTO", "last drilled", "touches", "pods", "commands"], rows)];
}

function caution(preview: LevelPreview): string {
  const at = preview.level.steps.length > 1 ? `, at its step ${preview.steps.length + 1} of ${preview.level.steps.length}` : "";
  const reasons = [...(preview.impossible === undefined ? [] : [verbatim(preview.impossible)]), findingList(preview.refused)];
  return alert(
    "CAUTION",
    `**After this change, ${titleOf(preview)} could not be carried out${at}.**`,
    ...reasons.filter((reason) => reason !== ""),
  );
}

const drilled = (drill: StackPreview["drills"][string] | undefined): string =>
  drill ? `${drill.at.slice(0, "2026-11-21".length)}, safe after ${Math.round(drill.seconds * 10) / 10} s` : "no record";

/** What it touches, its pods, and all that is typed for it. */
function reach(preview: LevelPreview): string[] {
  if (isImpossible(preview)) return ["–", "–", "–"];
  const differences = preview.steps.map(({ difference }) => difference);
  const commands = [...preview.paperwork.flatMap(({ mend }) => mend ?? []), ...preview.steps.flatMap((step) => step.commands)];
  return [differences.map(counts).join("; then "), pods(differences), commands.map(inline).join("<br>")];
}

function stepDetails({ level }: LevelPreview, { commands, difference }: StepPreview, index: number): string[] {
  const { steps } = level;
  const { title } = steps[index] ?? {};
  const heading = steps.length > 1 ? [`Step ${index + 1} of ${steps.length}${title === undefined ? "" : `: ${title}`}`] : [];
  return [...heading, verbatim([...commands.map((command) => `$ ${command}`), "", fields(difference)].join("\n"))];
}

/** Every field that each level would change. */
export function levelDetails({ levels }: StackPreview): string {
  const told = levels.filter(({ steps }) => steps.length > 0);
  const blocks = told.flatMap((preview) => {
    return [`**${titleOf(preview)}**`, ...preview.steps.flatMap((step, index) => stepDetails(preview, step, index))];
  });
  return folded("What each level changes, field by field", ...blocks);
}
