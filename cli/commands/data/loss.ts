import { buildCommand } from "@stricli/core";
import type { Operator } from "../../context.ts";
import { jsonFlag, stackFlag } from "../../flags.ts";
import { backupParameter } from "./backupParameter.ts";

export const loss = buildCommand<{ stack?: string; json: boolean }, [string], Operator>({
  docs: {
    brief: "How much a restore lost",
    fullDescription:
      "Compares the backup that was taken just before a restore with the database as it is: since when, and how many rows of each table are missing. Changes nothing; it takes a scratch database beside the one in use.",
    customUsage: [{ input: "2026-11-21T13-00-00-000Z-9f2c1e0b7a54.dump", brief: "Since that backup" }],
  },
  parameters: { positional: backupParameter, flags: { stack: stackFlag, json: jsonFlag } },
  async func({ json, ...flags }, backup) {
    const [stack, { backupPath, dataSystem }, { stepOnScreen }] = await Promise.all([
      this.open(flags),
      import("../../data/system.ts"),
      import("../../data/onScreen.ts"),
    ]);
    const system = dataSystem(stack);
    const step = { name: "loss" as const, args: [backupPath(system, backup)] };
    const found = await stepOnScreen(system, step, json, this.screen);
    if (json) this.screen.print(JSON.stringify(found, null, 2));
  },
});
