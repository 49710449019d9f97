import { decideMove } from "../database/move.ts";
import { commandLine, leverArguments } from "../levers/commands.ts";
import type { Guard } from "./guard.ts";

/** That maintenance is in an update of its own before, no preview of a level could see; the restore's own first step sees who still runs. */
export const restoreInMaintenance: Guard = {
  name: "restore-in-maintenance",
  description: "A backup is restored only while the system is in maintenance, where nothing writes.",
  why: "B4: maintenance and everything stopped come before the restore; what is written meanwhile would be lost",
  severity: "critical",
  slowsRollouts: false,
  keepsData: true,
  check({ plan, levers, last }) {
    const move = decideMove({ plan, levers, last: last?.database });
    const { way, restore } = move?.run ?? {};
    if (move?.isOver || way !== "restore" || levers.maintenance) return [];
    const set = (path: string, value: string | boolean | undefined): string => commandLine(leverArguments({ path, value }));
    const without = set("database.restore", last?.database?.restore);
    const command = [without, set("maintenance", true), "pulumi up", set("database.restore", restore), "pulumi up"].join(" && ");
    return [{ path: "maintenance", message: `is off, and ${restore} is to be restored; expected true, so that nothing writes`, command }];
  },
};
