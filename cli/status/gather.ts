import { targetings } from "../../components/flags/targeting.ts";
import type { Problem } from "../../components/levers/errors.ts";
import { configAt } from "../../components/levers/pulled.ts";
import { isObject } from "../../components/levers/scalars.ts";
import type { Plan } from "../../components/plan/plan.ts";
import { type ReleaseRecord, recordedLevers } from "../../components/releaseRecord.ts";
import { accessCluster, type ClusterAccess } from "../cluster/access.ts";
import { type Drift, driftOf } from "../cluster/drift.ts";
import type { Live } from "../cluster/live.ts";
import { OperatorError } from "../operatorError.ts";
import { type Holder, holderOf } from "../stack/busy.ts";
import { drilled } from "../stack/drilled.ts";
import { type PastUpdate, readHistory } from "../stack/history.ts";
import { differences, judged } from "../stack/levers.ts";
import type { OpenStack } from "../stack/open.ts";
import { readState, type State } from "../stack/state.ts";
import { troubles } from "../troubles/list.ts";
import type { Found } from "../troubles/trouble.ts";
import { type DatabaseStatus, databaseOf } from "./database.ts";
import { type TrackStatus, tracksOf } from "./tracks.ts";

/** Everything that `rollback status` says; with `--json`, as it is. Times are ISO 8601 in UTC. No secret is in it. */
export interface Status {
  system: string;
  stack: string;
  at: string;
  tracks: TrackStatus[];
  /** Levers that the stack's file sets, and those that differ from the last verified release. */
  levers: { path: string; now: unknown; verified: unknown; differs: boolean }[];
  /** Why the levers cannot be used as they are. */
  problems: readonly Problem[];
  /** For whom each flag is on, by the levers as they are. */
  flags: Record<string, { enabled: boolean; percentage: number }>;
  /** Which credentials are set; never what they are. */
  credentials: { path: string; present: boolean }[];
  /** Null where no verified update had one. */
  database: DatabaseStatus | null;
  /** The last update that ended well. */
  verified: { at: string; ageSeconds: number } | null;
  lastUpdate: Omit<PastUpdate, "levers"> | null;
  drills: { level: string; rtoSeconds: number; at: string | null; seconds: number | null }[];
  /** Who is changing the stack. */
  holder: Holder | null;
  /** What an update had begun when it was cut off. */
  pending: State["pending"];
  drift: Drift[];
  troubles: (Found & { name: string })[];
  /** What could not be found out, and why. */
  unknown: string[];
}

/** How far back the last update that ended well is looked for. */
const updatesLookedAt = 20;

export async function gatherStatus(stack: OpenStack, now = Date.now()): Promise<Status> {
  const [state, history, holder, cluster] = await Promise.all([
    readState(stack),
    readHistory(stack, updatesLookedAt),
    holderOf(stack),
    seeCluster(stack),
  ]);
  const { plan, document } = stack;
  const { record } = state;
  const found = judged(plan, document.levers, stack.name);
  const levers = "levers" in found ? found.levers : undefined;
  const seen = cluster.live && { app: plan.service.name, live: cluster.live, record, now, kubectl: cluster.access.kubectl };
  const good = history.find(({ result, endedAt }) => result === "succeeded" && endedAt !== undefined);
  const { levers: _, ...last } = history[0] ?? { levers: {} };
  const rehearsals = drilled(stack);
  return {
    system: plan.system,
    stack: stack.name,
    at: new Date(now).toISOString(),
    tracks: tracksOf(plan, record, cluster.live),
    levers: leverStatus(document.levers, levers && recordedLevers(levers), record),
    problems: "problems" in found ? found.problems : [],
    flags: levers
      ? Object.fromEntries(
          Object.entries(targetings(plan, levers.flags)).map(([flag, { enabled, percentage }]) => [flag, { enabled, percentage }]),
        )
      : {},
    credentials: credentialStatus(plan, document.levers),
    database: databaseOf(plan, record, state.resources),
    verified: good?.endedAt === undefined ? null : { at: good.endedAt, ageSeconds: Math.round((now - Date.parse(good.endedAt)) / 1000) },
    lastUpdate: "startedAt" in last ? last : null,
    drills: Object.entries(plan.levels).map(([level, { rtoSeconds }]) => {
      const { at = null, seconds = null } = rehearsals[level] ?? {};
      return { level, rtoSeconds, at, seconds };
    }),
    holder: holder ?? null,
    pending: state.pending,
    drift: cluster.live ? driftOf(state.resources, cluster.live) : [],
    troubles: seen ? troubles.flatMap(({ name, look }) => look(seen).map((one) => ({ name, ...one }))) : [],
    unknown: cluster.why === undefined ? [] : [cluster.why],
  };
}

type Sight = { access: ClusterAccess; live: Live; why?: undefined } | { live?: undefined; why: string };

async function seeCluster(stack: OpenStack): Promise<Sight> {
  try {
    const access = await accessCluster(stack);
    const { readLive } = await import("../cluster/live.ts");
    return { access, live: await readLive(access, stack.plan.service) };
  } catch (error) {
    if (error instanceof OperatorError) return { why: error.message };
    throw error;
  }
}

function leverStatus(raw: Record<string, unknown>, now: object | undefined, record: ReleaseRecord | undefined): Status["levers"] {
  const stated = leavesOf(raw).filter(
    ([path]) => !/^(system|credentials|change|verification|exemptions|freezes|environment|alerts|gcp)\b/.test(path),
  );
  const changed =
    now && record?.levers ? differences(record.levers, now).map(({ path, from, to }) => ({ path: path.join("."), from, to })) : [];
  const same = stated.filter(([path]) => !changed.some((one) => path === one.path || path.startsWith(`${one.path}.`)));
  return [
    ...same.map(([path, value]) => ({ path, now: value, verified: value, differs: false })),
    ...changed.map(({ path, from, to }) => ({ path, now: configAt(raw, path) ?? to, verified: from, differs: true })),
  ].sort((a, b) => a.path.localeCompare(b.path));
}

const leavesOf = (value: unknown, path = ""): [string, unknown][] =>
  isObject(value) ? Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, path ? `${path}.${key}` : key)) : [[path, value]];

function credentialStatus({ providers }: Plan, raw: Record<string, unknown>): Status["credentials"] {
  return Object.entries(providers.known).flatMap(([provider, { credentials }]) =>
    Object.keys(credentials).map((name) => {
      const path = `credentials.${provider}.${name}`;
      return { path, present: configAt(raw, path) !== undefined };
    }),
  );
}
