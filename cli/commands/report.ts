import { buildChoiceParser, buildCommand } from "@stricli/core";
import type { Operator } from "../context.ts";
import { stackFlag } from "../flags.ts";
import { outputFlag, writeOutput } from "../output.ts";

const formats = ["markdown", "cdevents"] as const;

interface Flags {
  stack?: string;
  format: (typeof formats)[number];
  incident?: string;
  output?: string;
}

export const report = buildCommand<Flags, string[], Operator>({
  docs: {
    brief: "Fill in one of the plan's reports from what happened",
    fullDescription:
      "Without a report, lists them: the plan's own, and the skeleton of a post-mortem. With one, fills it in from the change record, the history, the verification and the drills. What none of them tells is given as <field>=<value>, or stays a place in brackets. Times are in UTC.",
    customUsage: [
      { input: "", brief: "The reports, and what each asks for" },
      { input: "postMortem detected=2026-11-21T02:41Z", brief: "One of them, of the last rollback" },
      { input: "rollbackLog --incident INC-7 --output log.md", brief: "Of an incident's, written to a file" },
      { input: "--format cdevents detected=2026-11-21T02:41Z", brief: "CDEvents as a JSON array, for other tools" },
    ],
  },
  parameters: {
    positional: {
      kind: "array",
      parameter: {
        placeholder: "report or field=value",
        brief: "Which report, then what its fields are",
        parse: String,
        async proposeCompletions(this: Operator, partial: string) {
          const [{ plan }, { reportsOf }] = await Promise.all([this.open({}), import("../report/fill.ts")]);
          return Object.keys(reportsOf(plan)).filter((name) => name.startsWith(partial));
        },
      },
    },
    flags: {
      stack: stackFlag,
      format: {
        kind: "parsed",
        parse: buildChoiceParser(formats),
        brief: formats.join(" or "),
        default: "markdown",
        proposeCompletions: (partial: string) => formats.filter((name) => name.startsWith(partial)),
      },
      incident: { kind: "parsed", parse: String, brief: "Of which incident (default: the last rollback)", optional: true },
      output: outputFlag,
    },
  },
  async func({ format, incident, output, ...flags }, ...words) {
    const stack = await this.open(flags);
    const [name, ...fields] = words;
    if (format === "markdown" && name === undefined) {
      const { showReports } = await import("../report/list.ts");
      return showReports(stack.plan, this.screen);
    }
    const { markdownReport, eventsReport } = await import("../report/write.ts");
    const command = ["rollback report", name, "--stack", stack.name, ...(incident ? ["--incident", incident] : [])].join(" ");
    const { text, notes } =
      format === "markdown"
        ? await markdownReport(stack, name as string, { typed: fields, incident, command })
        : await eventsReport(stack, { typed: words, incident, command });
    this.screen.print(text);
    for (const note of notes) this.screen.note(note);
    if (output === undefined) return;
    await writeOutput(this.cwd, output, text);
    this.screen.note(`Written to ${output}.`);
  },
});
