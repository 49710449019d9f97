import { buildCommand } from "@stricli/core";
import type { Recovery } from "../../../operations/database/recover.ts";
import { toldBy } from "../../change/told.ts";
import type { Operator } from "../../context.ts";
import { backupParameter } from "./backupParameter.ts";
import { type DataFlags, dataFlags } from "./flags.ts";

export const recover = buildCommand<DataFlags, [string], Operator>({
  docs: {
    brief: "Bring back the rows that a restore lost",
    fullDescription:
      "Tries it and says how many rows of each table would come back, asks, and does it. What the database has stays as it is, so that a second run finds nothing to do. Without a terminal and without --confirm it is only tried.",
    customUsage: [
      { input: "2026-11-21T13-00-00-000Z-9f2c1e0b7a54.dump", brief: "Tried, then asked" },
      { input: "2026-11-21T13-00-00-000Z-9f2c1e0b7a54.dump --confirm --incident INC-7", brief: "Done at once, for the record" },
    ],
  },
  parameters: { positional: backupParameter, flags: dataFlags },
  async func(flags, backup) {
    const [stack, { backupPath, dataSystem }, { changeData }] = await Promise.all([
      this.open(flags),
      import("../../data/system.ts"),
      import("../../data/change.ts"),
    ]);
    const system = dataSystem(stack);
    const recovery = {
      what: `rollback data recover ${backup}`,
      step: { name: "recover" as const, args: [backupPath(system, backup)] },
      does: ({ tables }: Recovery) => Object.values(tables).some(({ recovered }) => recovered > 0),
    };
    const found = await changeData(system, recovery, toldBy(flags), flags, this.screen);
    if (flags.json) this.screen.print(JSON.stringify(found, null, 2));
  },
});
