/** The one page over the reports of every system. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { workDir } from "../tools/paths.ts";
import { type DrillOutcome, passed, seconds } from "./outcome.ts";
import { reportFolder } from "./report.ts";
import { markdownTable } from "./table.ts";
import { stamp, utc } from "./time.ts";

export interface Overview {
  startedAt: number;
  endedAt: number;
  outcomes: readonly DrillOutcome[];
  /** What kept a system from being drilled at all. */
  broken: readonly string[];
}

/** Writes `.rollback/drills/<timestamp>-all/overview.md` and returns its path. */
export function writeOverview(overview: Overview): string {
  const folder = join(workDir, "drills", `${stamp(overview.startedAt)}-all`);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "overview.md");
  writeFileSync(
    file,
    overviewMarkdown(overview, (outcome) => relative(folder, join(reportFolder(outcome), "report.md"))),
  );
  return file;
}

/** `reportOf`: where a system's own report is, from this page. */
export function overviewMarkdown({ startedAt, endedAt, outcomes, broken }: Overview, reportOf: (outcome: DrillOutcome) => string): string {
  const levels = outcomes.flatMap((outcome) => outcome.levels);
  return `${[
    "# Rollback drill of every system",
    `${utc(startedAt)} · took ${seconds(endedAt - startedAt, 0)} · ${outcomes.length} systems, ${levels.length} levels`,
    ...(broken.length > 0 ? [`**Not drilled:**\n\n${broken.map((line) => `- ${line.replaceAll("\n", "\n  ")}`).join("\n")}`] : []),
    markdownTable(outcomes),
    outcomes.map((outcome) => `- [${outcome.system}](${reportOf(outcome)}): ${passed(outcome) ? "passed" : "**failed**"}`).join("\n"),
  ].join("\n\n")}\n`;
}
