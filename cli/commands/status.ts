import { buildCommand } from "@stricli/core";
import type { Operator } from "../context.ts";
import { jsonFlag, stackFlag } from "../flags.ts";

interface Flags {
  stack?: string;
  json: boolean;
}

export const status = buildCommand<Flags, [], Operator>({
  docs: {
    brief: "Where things stand: tracks, levers, last verified release, drift, trouble",
    fullDescription: "Looks at the stack's state, history and cluster, and changes nothing. Names what is wrong and what mends it.",
    customUsage: [
      { input: "--stack mindmend", brief: "One stack" },
      { input: "--json", brief: "For scripts: rollback status --json | jq .troubles" },
    ],
  },
  parameters: { flags: { stack: stackFlag, json: jsonFlag } },
  async func({ stack: name, json }) {
    const [stack, { gatherStatus }] = await Promise.all([this.open({ stack: name }), import("../status/gather.ts")]);
    const found = await gatherStatus(stack);
    if (json) return this.screen.print(JSON.stringify(found, null, 2));
    const { showStatus } = await import("../status/show.ts");
    showStatus(found, this.screen);
  },
});
