/** The drill's report: report.md, timeline.svg and journal.json in a folder of their own. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CommandRun } from "../pulumi/pulumi.ts";
import { workDir } from "../tools/paths.ts";
import { stepsLine } from "./databaseSteps.ts";
import { journal } from "./journal.ts";
import { type DrillOutcome, type LevelOutcome, seconds, shortcomings } from "./outcome.ts";
import { lossLine } from "./restoration.ts";
import type { Measurement } from "./safety.ts";
import { toldAndThere } from "./savedRows.ts";
import { markdownTable } from "./table.ts";
import { stamp, utc } from "./time.ts";
import { timelineSvg } from "./timeline.ts";

/** Writes the three files and returns their folder, `.rollback/drills/<timestamp>-<system>`. */
export function writeReport(outcome: DrillOutcome, version: string): string {
  const folder = reportFolder(outcome);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "journal.json"), `${JSON.stringify(journal(outcome, version), null, 2)}\n`);
  if (outcome.levels.some((level) => level.marks !== null)) writeFileSync(join(folder, "timeline.svg"), timelineSvg(outcome));
  writeFileSync(join(folder, "report.md"), reportMarkdown(outcome));
  return folder;
}

export function reportFolder({ startedAt, system }: DrillOutcome): string {
  return join(workDir, "drills", `${stamp(startedAt)}-${system}`);
}

/** The report as Markdown; it shows timeline.svg from beside it. */
export function reportMarkdown(outcome: DrillOutcome): string {
  const pulled = outcome.levels.some((level) => level.marks !== null);
  return `${[
    `# Rollback drill: ${outcome.system}`,
    `${utc(outcome.startedAt)} · took ${seconds(outcome.endedAt - outcome.startedAt, 0)} · stack \`${outcome.stack}\`${outcome.interrupted ? " · **interrupted**" : ""}`,
    outcome.reality,
    markdownTable([outcome]),
    ...(pulled ? ["![Who answered, how fast, and when the lever worked](timeline.svg)"] : []),
    "Time to safety runs from just before `pulumi config set` is started to the end of the last response that was not from the safe state.",
    ...outcome.levels.map(levelSection),
  ].join("\n\n")}\n`;
}

function levelSection(level: LevelOutcome): string {
  const found = shortcomings(level);
  const { measurement, marks } = level;
  const { provider, track, releases } = level.safe;
  const safe = [provider && `provider ${provider}`, track && `track ${track}`, releases && "the release that this level made"]
    .filter(Boolean)
    .join(" on ");
  const parts = [
    `## ${level.name}: ${level.title}`,
    found.length === 0 ? "**Passed.**" : `**Failed:**\n\n${found.map((line) => `- ${line.replaceAll("\n", "\n  ")}`).join("\n")}`,
    `Safe is an answer from ${safe}.`,
  ];
  if (marks !== null) parts.push(commandTable(level.commands, marks.pulledAt));
  if (measurement !== null && level.rate > 0) {
    parts.push(
      `Load: ${level.rate} requests/s, open loop, a new connection each; the generator sent none more than ${Math.ceil(measurement.worstLagMs)} ms late. ` +
        `${answerShares(level)}.`,
    );
    if (measurement.maintenance !== null) parts.push(maintenanceLine(measurement.maintenance));
  }
  if (level.database !== null) parts.push(stepsLine(level.database));
  if (level.restoration !== null) parts.push(lossLine(level.restoration));
  if (level.saved.length > 0) parts.push(level.saved.map((rows) => `After ${rows.after}, saved rows: ${toldAndThere(rows)}.`).join(" "));
  parts.push(probeTable(level));
  if (level.rollbacks.length > 0) {
    const first = level.rollbacks[0]?.startedAt ?? 0;
    parts.push(
      `The before state was restored in ${seconds((level.rollbacks.at(-1)?.endedAt ?? first) - first)}:`,
      commandTable(level.rollbacks, first),
    );
  }
  return parts.join("\n\n");
}

function commandTable(runs: readonly CommandRun[], zero: number): string {
  const rows = runs.map(
    (run) => `| \`${run.command}\` | +${seconds(run.startedAt - zero)} | ${seconds(run.endedAt - run.startedAt)} | ${run.exitCode} |`,
  );
  return ["| command | started | took | exit code |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

function maintenanceLine({ requests, durationMs }: NonNullable<Measurement["maintenance"]>): string {
  return (
    `In maintenance, as the level declares it: ${requests} requests were answered 503 with \`Retry-After\`, for ${seconds(durationMs)}. ` +
    "They count neither as failed nor as safe."
  );
}

function answerShares(level: LevelOutcome): string {
  const counts = new Map<string, number>();
  for (const { track, provider, status } of level.records) {
    if (track === null || status !== 200) continue;
    const who = `${track} (${provider})`;
    counts.set(who, (counts.get(who) ?? 0) + 1);
  }
  return `Answers: ${[...counts].map(([who, count]) => `${count} from ${who}`).join(", ") || "none"}`;
}

function probeTable(level: LevelOutcome): string {
  const verdict = (passed: boolean | null) => (passed === null ? "not real here" : passed ? "yes" : "**no**");
  const rows = [...level.before.map((probe) => ({ when: "before", probe })), ...level.after.map((probe) => ({ when: "after", probe }))].map(
    ({ when, probe }) => `| ${when} | ${probe.name} | ${cell(probe.expected)} | ${cell(probe.found)} | ${verdict(probe.passed)} |`,
  );
  return ["| when | probe | expected | found | holds |", "| --- | --- | --- | --- | --- |", ...rows].join("\n");
}

function cell(value: string): string {
  return value.replaceAll("|", "\\|").replaceAll("\n", " ");
}
