import { checksFor } from "./database/checks.ts";
import { carriedOut } from "./levers/carriedOut.ts";
import type { Levers } from "./levers/levers.ts";
import { configAt } from "./levers/pulled.ts";
import type { Level, Plan, Probe } from "./plan/plan.ts";
import { verificationOf } from "./plan/verification.ts";
import { cacheSeconds, type Integrity, questionSeconds, type VerificationArgs } from "./verification.ts";

/** Beside the pods that end, for what follows their end: endpoints and lists that are told of it. */
const settleSeconds = 15;
/** Pulling the image and starting the pod. */
const startSeconds = 45;
/** For each probe that sends requests, when they get no answer. */
const silentSeconds = 17;

/**
 * How an update is verified: by the plan's probes and, with the last of its steps, those of the level that `change.level` names; then
 * by what its data answer (rows B12, C5, W5), and by whether its cache does (row M7). Nothing where the stack names no image to do it with,
 * there is nothing to ask, or the system is in maintenance, where no probe of it can hold.
 */
export function planVerification(plan: Plan, levers: Levers, release: unknown): Omit<VerificationArgs, "after"> | undefined {
  const level = levers.change?.level === undefined ? undefined : plan.levels[levers.change.level];
  const carried = level && carriedOut(plan, level, levers) ? reachable(level) : undefined;
  const probes = verificationOf(plan, carried).filter(holdsByThen);
  const integrity = integrityOf(plan, levers);
  const cache = plan.cache && levers.cache;
  if (!levers.verification || levers.maintenance || (probes.length === 0 && !integrity && !cache)) return undefined;
  const { name, container, preStopSeconds, shutdownSeconds } = plan.service;
  const requests = probes.filter((probe) => "path" in probe).length;
  const settle = Math.min(preStopSeconds + shutdownSeconds + settleSeconds, level?.rtoSeconds ?? plan.objectives.rtoSeconds);
  return {
    image: levers.verification.image,
    app: name,
    container,
    probes,
    leverValues: leverValues(levers, probes),
    ...(integrity && { integrity }),
    ...(cache && { cache }),
    release,
    settleSeconds: settle,
    timeoutSeconds: startSeconds + settle + requests * silentSeconds + askingSeconds(integrity) + (cache ? cacheSeconds : 0),
  };
}

/** The integrity queries of the revision that the database has by then. */
export function integrityOf(plan: Plan, { database }: Pick<Levers, "database">): Integrity | undefined {
  if (!plan.database || !database) return undefined;
  const checks = checksFor(plan, database.revision);
  return Object.keys(checks.queries).length > 0 ? { url: database.url, passwordSecret: database.passwordSecret, checks } : undefined;
}

const askingSeconds = (integrity: Integrity | undefined): number => Object.keys(integrity?.checks.queries ?? {}).length * questionSeconds;

/** The Job asks the Service: what only a Gateway's route does to requests is for a drill to see. */
function reachable(level: Level): Level {
  return level.traffic === "gateway" ? { ...level, verification: level.verification.filter((probe) => !("path" in probe)) } : level;
}

/** What an update takes away goes when everything else is done, this Job included; Pulumi waits until the last pod of it is gone. */
const holdsByThen = (probe: Probe): boolean => probe.type !== "pods" || probe.count > 0;

function leverValues(levers: Levers, probes: readonly Probe[]): Record<string, string> {
  const named = probes.flatMap((probe) => (probe.type === "image" ? [probe.lever] : []));
  const values = named.map((path) => [path, configAt(levers, path)] as const);
  return Object.fromEntries(values.flatMap(([path, value]) => (value === undefined ? [] : [[path, String(value)]])));
}
