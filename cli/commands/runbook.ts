import { buildCommand } from "@stricli/core";
import type { Operator } from "../context.ts";
import { stackFlag } from "../flags.ts";

export const runbook = buildCommand<{ stack?: string }, [level?: string], Operator>({
  docs: {
    brief: "The plan's runbook, with this stack's values",
    fullDescription:
      "Every level in short: how long it may take, when it is the right one, and what to type. Or one level in full: what each lever becomes, how to verify it, whom to call, what comes afterwards. Needs neither state nor cluster.",
    customUsage: [
      { input: "", brief: "Every level in short" },
      { input: "traffic", brief: "One in full" },
    ],
  },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [
        {
          placeholder: "level",
          brief: "A level of the plan",
          parse: String,
          optional: true,
          async proposeCompletions(this: Operator, partial: string) {
            const { plan } = await this.open({});
            return Object.keys(plan.levels).filter((name) => name.startsWith(partial));
          },
        },
      ],
    },
    flags: { stack: stackFlag },
  },
  async func(flags, name) {
    const [stack, { showRunbook }, { showLevel }] = await Promise.all([
      this.open(flags),
      import("../runbook/whole.ts"),
      import("../runbook/level.ts"),
    ]);
    if (name === undefined) showRunbook(stack, this.screen);
    else showLevel(stack, name, this.screen);
  },
});
