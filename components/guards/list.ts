import { approvals } from "./approvals.ts";
import { changeFreeze } from "./changeFreeze.ts";
import { changeRecord } from "./changeRecord.ts";
import { databaseBackup } from "./databaseBackup.ts";
import { exemptions } from "./exemptions.ts";
import { fallbackCredentials } from "./fallbackCredentials.ts";
import type { Guard } from "./guard.ts";
import { holdTime } from "./holdTime.ts";
import { knownRevision } from "./knownRevision.ts";
import { levelDrilled } from "./levelDrilled.ts";
import { levelsPossible } from "./levelsPossible.ts";
import { newFlagsOff } from "./newFlagsOff.ts";
import { nextMilestone } from "./nextMilestone.ts";
import { oneWayMigration } from "./oneWayMigration.ts";
import { previousImage } from "./previousImage.ts";
import { restoreInMaintenance } from "./restoreInMaintenance.ts";
import { stableCapacity } from "./stableCapacity.ts";
import { triggerAlerts } from "./triggerAlerts.ts";

/** Every guard, in the order in which their messages are read. */
export const guards: readonly Guard[] = [
  fallbackCredentials,
  stableCapacity,
  levelsPossible,
  previousImage,
  nextMilestone,
  holdTime,
  approvals,
  changeRecord,
  changeFreeze,
  levelDrilled,
  newFlagsOff,
  triggerAlerts,
  knownRevision,
  oneWayMigration,
  databaseBackup,
  restoreInMaintenance,
  exemptions,
];
