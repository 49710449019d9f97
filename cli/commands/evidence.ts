import { resolve } from "node:path";
import { buildCommand, numberParser } from "@stricli/core";
import type { TrackName } from "../../components/plan/plan.ts";
import type { Operator } from "../context.ts";
import { stackFlag } from "../flags.ts";
import { didYouMean } from "../nearest.ts";
import { OperatorError } from "../operatorError.ts";

interface Flags {
  stack?: string;
  output: string;
  within: number;
}

export const evidence = buildCommand<Flags, [track?: string], Operator>({
  docs: {
    brief: "Keep logs, events, manifests and metrics before they go",
    fullDescription:
      "Keeps what a rollback takes with it, of one track or of all that run, in a new folder named by stack and time, with an index and digests. Changes nothing in the cluster. No value of a Secret is written. Takes a second or two, and never longer than --within. rollback to --evidence does the same beside the rollback.",
    customUsage: [
      { input: "", brief: "Of every track that runs" },
      { input: "canary --output /var/incidents", brief: "Of the canary, in a folder of yours" },
    ],
  },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [
        {
          placeholder: "track",
          brief: "Of which track (default: all that run)",
          parse: String,
          optional: true,
          async proposeCompletions(this: Operator, partial: string) {
            const { plan } = await this.open({});
            return Object.keys(plan.service.tracks).filter((name) => name.startsWith(partial));
          },
        },
      ],
    },
    flags: {
      stack: stackFlag,
      output: { kind: "parsed", parse: String, brief: "In which folder", default: "." },
      within: { kind: "parsed", parse: numberParser, brief: "Seconds it may take", default: "20" },
    },
  },
  async func({ output, within, ...flags }, name) {
    const [stack, { collectEvidence }, { readState }, { showEvidence }] = await Promise.all([
      this.open(flags),
      import("../evidence/collect.ts"),
      import("../stack/state.ts"),
      import("../evidence/show.ts"),
    ]);
    const known = Object.keys(stack.plan.service.tracks);
    if (name !== undefined && !known.includes(name)) {
      throw new OperatorError(
        `the plan of ${stack.plan.system} has no track ${name}.${didYouMean(name, known)} It has ${known.join(", ")}.`,
        "usage",
      );
    }
    const startedAt = performance.now();
    const wanted = { track: name as TrackName | undefined, into: resolve(this.cwd, output), withinSeconds: within };
    const found = await collectEvidence(stack, { ...wanted, state: () => readState(stack) });
    showEvidence(found, performance.now() - startedAt, this.screen);
    if (found.missing.length > 0) throw new OperatorError("Part of it could not be got; the index says which.", "halfway");
  },
});
