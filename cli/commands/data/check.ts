import { buildCommand } from "@stricli/core";
import type { Operator } from "../../context.ts";
import { jsonFlag, stackFlag } from "../../flags.ts";

export const check = buildCommand<{ stack?: string; json: boolean }, [], Operator>({
  docs: {
    brief: "Whether the data are whole",
    fullDescription:
      "Asks the plan's integrity queries, all of one moment, in a transaction that can only read. Those that expect a count have to answer it; of the others the first rows are shown for a person to read. Changes nothing.",
    customUsage: [{ input: "", brief: "Every query that the database's revision has the tables for" }],
  },
  parameters: { flags: { stack: stackFlag, json: jsonFlag } },
  async func({ json, ...flags }) {
    const [stack, { dataSystem }, { checkData }] = await Promise.all([
      this.open(flags),
      import("../../data/system.ts"),
      import("../../data/check.ts"),
    ]);
    const found = await checkData(dataSystem(stack), json, this.screen);
    if (json) this.screen.print(JSON.stringify(found, null, 2));
  },
});
