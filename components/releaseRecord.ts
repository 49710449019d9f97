import type { ContentVersion } from "./contentVersions.ts";
import type { DatabaseState } from "./database/move.ts";
import { type Exposures, exposures, exposuresSince } from "./exposure.ts";
import type { Change } from "./guards/change.ts";
import { same } from "./guards/changedPaths.ts";
import type { Levers } from "./levers/levers.ts";
import type { TrackState } from "./motion.ts";
import type { TaskRun } from "./task.ts";
import type { RouteState } from "./traffic/route.ts";

/** What a successful update was made of, kept in the stack's own outputs. It holds no secret. */
export interface ReleaseRecord extends Partial<History> {
  tracks: (TrackState & { image: string })[];
  /** What the Service selects. */
  selector: Record<string, string>;
  /** Where the route sends requests; none where traffic goes by replicas alone. */
  route?: RouteState | undefined;
  /** Versions of the settings that are in the cluster, the current one first. */
  settings: readonly ContentVersion[];
  /** Versions of the flags' definitions that are in the cluster, the current one first; none where the plan has no flags. */
  flags: readonly ContentVersion[];
  /** Which run of each of the plan's tasks was the last; left out by earlier versions. */
  tasks?: Record<string, TaskRun>;
  /** Provider → version of its credentials: a digest, never a value. */
  credentials: Record<string, string>;
  /** The plan's features that are there; records of before there were any say nothing. */
  features?: readonly string[];
  /** Which revision the database has, and what proves the backup of before; none where the stack has no database. */
  database?: DatabaseState;
}

/** What guards need to know of the past. Records of versions of this project that kept none of it lack all of it. */
export interface History {
  /** Of the record's form. */
  version: typeof recordVersion;
  /** The levers that a rollback may bring back. */
  levers: RecordedLevers;
  /** How far each lever let something new reach, and since when. */
  exposure: Exposures;
  /** Images that stable or the canary ran in verified updates; the one that was new last comes first, and keeps its place when it returns. */
  images: readonly string[];
  /** Settings that rollouts replaced, the newest first: to set one back to these is a rollback. Left out by earlier versions. */
  settingsReplaced?: readonly RecordedLevers["settings"][];
  /** Pods at full capacity. */
  capacity: number;
  /** What the update was for, so that the next one says something of its own; nothing where the stack did not say. */
  reason?: string;
}

/** Raised when a record's meaning changes; what is only added does not. */
export const recordVersion = 1;

/** The levers that a rollback may bring back. */
export const recorded = [
  "system",
  "aiProvider",
  "stable",
  "canary",
  "fallback",
  "previous",
  "traffic",
  "pins",
  "flags",
  "features",
  "settings",
  "database",
  "maintenance",
] as const;

/** Every lever but credentials, and what is said about a stack or a change rather than carried out. */
export type RecordedLevers = Pick<Levers, (typeof recorded)[number]>;

/** As they stand in a stack's outputs: nothing that is not set. */
export const recordedLevers = (levers: Levers): RecordedLevers =>
  JSON.parse(JSON.stringify(Object.fromEntries(recorded.map((lever) => [lever, levers[lever]]))));

/** How many images, and how many replaced settings, a record names. */
const kept = 10;

/** What an update that is verified at this moment adds to the history that the one before left. */
export function historySince(change: Omit<Change, "drills" | "now">, at: Date): History {
  const { plan, levers, last } = change;
  return {
    version: recordVersion,
    levers: recordedLevers(levers),
    exposure: exposuresSince(exposures(plan, levers), last?.exposure, at),
    images: verifiedImages(levers, last?.images ?? []),
    settingsReplaced: settingsReplaced(change),
    capacity: plan.service.replicas,
    ...(levers.change?.reason !== undefined && { reason: levers.change.reason }),
  };
}

/** What runs is always among them. */
function verifiedImages({ stable, canary }: Levers, before: readonly string[]): string[] {
  const running = [...(canary && canary.weight > 0 ? [canary.image] : []), stable.image];
  const all = [...new Set([...running.filter((image) => !before.includes(image)), ...before])];
  return [...all.slice(0, kept), ...all.slice(kept).filter((image) => running.includes(image))];
}

/** What a rollback returned to, and what was replaced after that, is none of them any more: to set that again is a rollout. */
function settingsReplaced({ levers, last, forward }: Pick<Change, "levers" | "last" | "forward">): History["settingsReplaced"] {
  const replaced = last?.settingsReplaced ?? [];
  if (last?.levers && forward.some((path) => path.startsWith("settings."))) return [last.levers.settings, ...replaced].slice(0, kept);
  const returnedTo = replaced.findIndex((settings) => same(settings, levers.settings));
  return replaced.slice(returnedTo + 1);
}

/** A release record that this version of the project cannot use. */
export class RecordError extends Error {
  override name = "RecordError";
}

/**
 * A stack's `release` output as a record.
 * @throws {RecordError} for one that a newer version of this project left, whose meaning may be another.
 */
export function readRecord(value: unknown): ReleaseRecord {
  const { version, tracks, selector } = Object(value) as Partial<ReleaseRecord>;
  if (version !== undefined && version > recordVersion) {
    throw new RecordError(
      `release: the stack's last update was made by a newer version of rollback-stacks, which left a record of version ${version}; this ` +
        `one reads versions up to ${recordVersion}. Nothing was changed.\n    mend it with: git pull && npm ci`,
    );
  }
  if (!Array.isArray(tracks) || typeof selector !== "object") {
    throw new RecordError(
      "release: the stack's output is no release record of rollback-stacks, so which way traffic moves is not known. Nothing was changed.\n" +
        "    mend it with: pulumi stack output release, to see whose it is",
    );
  }
  return value as ReleaseRecord;
}
