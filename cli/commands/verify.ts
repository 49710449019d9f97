import { buildCommand } from "@stricli/core";
import type { ProbeResult } from "../../probes/context.ts";
import type { Operator } from "../context.ts";
import { stackFlag } from "../flags.ts";
import { OperatorError } from "../operatorError.ts";

export const verify = buildCommand<{ stack?: string }, [level?: string], Operator>({
  docs: {
    brief: "Run the plan's probes from outside the cluster",
    fullDescription:
      "Runs every probe of the plan, and those of a level where one is named, through the cluster's API server. Where the stack has a database, a Job in its namespace asks the integrity queries that expect an answer. Changes nothing.",
    customUsage: [
      { input: "", brief: "What must hold after every update" },
      { input: "traffic", brief: "And what must hold once that level is carried out" },
    ],
  },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [{ placeholder: "level", brief: "A level that was carried out", parse: String, optional: true }],
    },
    flags: { stack: stackFlag },
  },
  async func(flags, name) {
    const [stack, { levelOf }, { verifyFromOutside }, { verifyData }, { probeLine }] = await Promise.all([
      this.open(flags),
      import("../change/leversAfter.ts"),
      import("../verify.ts"),
      import("../data/verify.ts"),
      import("../probeLine.ts"),
    ]);
    if (String(stack.document.levers.maintenance) === "true") {
      throw new OperatorError(`stack ${stack.name} is in maintenance, where no probe of the system can hold.`, "refused");
    }
    const onResult = (result: ProbeResult): void => this.screen.print(probeLine(result, this.screen));
    const probes = await verifyFromOutside(stack, {
      level: name === undefined ? undefined : levelOf(stack.plan, name),
      levers: stack.document.levers,
      onResult,
      signal: new AbortController().signal,
    });
    const data = await verifyData(stack, this.screen);
    for (const result of data) onResult(result);
    const results = [...probes, ...data];
    const failed = results.filter(({ passed }) => passed === false).length;
    if (failed > 0) throw new OperatorError(`${failed} of ${results.length} probes do not hold.`, "unverified");
    this.screen.print(`All ${results.length} probes hold.`);
  },
});
