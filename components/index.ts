/** What another Pulumi program imports: `import { definePlan, RollbackPlan } from "rollback-stacks"`. */

export { AlertRules, type AlertRulesArgs } from "./alertRules.ts";
export type { ContentVersion, ContentVersionsArgs } from "./contentVersions.ts";
export { type Checks, checksFor, checksOf } from "./database/checks.ts";
export { cloudSql } from "./database/cloudSql.ts";
export { type DatabaseMove, type DatabaseRun, type DatabaseState, decideMove, namedBackups } from "./database/move.ts";
export { DatabaseRevision, type DatabaseRevisionArgs } from "./databaseRevision.ts";
export { Feature, type FeatureArgs } from "./feature.ts";
export { FeatureFlags, flagsVersion } from "./featureFlags.ts";
export { loadGoogleCloud } from "./gcp/load.ts";
export { readLastUpdate } from "./lastUpdate.ts";
export { checkLevers } from "./levers/check.ts";
export { LeverError } from "./levers/errors.ts";
export type { Levers } from "./levers/levers.ts";
export { readPlanAndLevers } from "./levers/read.ts";
export { Maintenance, type MaintenanceArgs } from "./maintenance.ts";
export { definePlan, type Level, type Plan, PlanError, type PlanInput, type Probe, type TrackName, type Trigger } from "./plan/plan.ts";
export { ProviderCredentials, type ProviderCredentialsArgs } from "./providerCredentials.ts";
export { Release, type ReleaseArgs, type ReleaseTrack } from "./release.ts";
export type { ReleaseRecord } from "./releaseRecord.ts";
export { RollbackPlan, type RollbackPlanArgs } from "./rollbackPlan.ts";
export { Settings, settingsVersion } from "./settings.ts";
export type { StoreAccess } from "./storeAccess.ts";
export { Task, type TaskArgs } from "./task.ts";
export { Track, type TrackArgs } from "./track.ts";
export { type Integrity, Verification, type VerificationArgs } from "./verification.ts";
export { Worker, type WorkerArgs } from "./worker.ts";
