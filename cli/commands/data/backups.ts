import { buildCommand } from "@stricli/core";
import type { Operator } from "../../context.ts";
import { jsonFlag, stackFlag } from "../../flags.ts";

export const backups = buildCommand<{ stack?: string; json: boolean }, [], Operator>({
  docs: {
    brief: "The backups there are: how old, how large, whether proved",
    fullDescription:
      "Lists the backups on the stack's claim or in its bucket, the newest first. One is proved where it was restored for a trial and had every row. Says which one was taken just before the last restore: its rows are what loss and recover are about.",
    customUsage: [{ input: "--json", brief: "For scripts" }],
  },
  parameters: { flags: { stack: stackFlag, json: jsonFlag } },
  async func({ json, ...flags }) {
    const [stack, { dataSystem }, { readBackups, showBackups }] = await Promise.all([
      this.open(flags),
      import("../../data/system.ts"),
      import("../../data/backups.ts"),
    ]);
    const found = await readBackups(dataSystem(stack), this.screen);
    if (json) this.screen.print(JSON.stringify(found, null, 2));
    else showBackups(found, this.screen);
  },
});
