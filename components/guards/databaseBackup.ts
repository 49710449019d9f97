import { hasBackups } from "../database/container.ts";
import { decideMove } from "../database/move.ts";
import type { Guard } from "./guard.ts";

/** The backup is made, restored for a trial and checked in the same update, before the change. */
export const databaseBackup: Guard = {
  name: "database-backup",
  description: "A revision of the database changes only with a backup in the same update.",
  why: "B4, M5: what goes wrong with data comes back from a backup, or not at all",
  severity: "critical",
  slowsRollouts: false,
  keepsData: true,
  check({ plan, levers, last }) {
    const move = decideMove({ plan, levers, last: last?.database });
    if (!move || move.isOver || move.run.way === "adopt" || !levers.database || hasBackups(levers.database)) return [];
    const message = `missing: the database goes ${move.run.way} to ${move.run.revision}, and nothing says where the backup of before goes`;
    return [{ path: "database.backups", message, command: "pulumi config set --path database.backups <claim>" }];
  },
};
