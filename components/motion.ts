import type { TrackName } from "./plan/plan.ts";

/**
 * How traffic moves between tracks: which pods the Service selects, and whether that changes before or after the tracks do.
 *
 * The rules are design rules 1, 2 and 4: falling back flips traffic first and converges after; moving forward makes tracks ready
 * first and flips traffic last; a rollback never waits for capacity; with a warm fallback no pod starts on the critical path.
 */

export const trackLabel = "rollback-stacks/track";
export const providerLabel = "rollback-stacks/provider";
export const roleLabel = "rollback-stacks/role";
export const releaseLabel = "rollback-stacks/release";

/** A track as it is, or is about to be: what decides whether its pods may take traffic. */
export interface TrackState {
  track: TrackName;
  provider: string;
  /** Fingerprint of everything that makes a new pod: image, environment, credentials. */
  template: string;
  replicas: number;
  /** Whether the plan wants traffic on it; a warm fallback has none until it is needed. */
  serving: boolean;
}

export interface Motion {
  /** The Service's selector. */
  selector: Record<string, string>;
  /** Whether the Service changes before the tracks (falling back) or after them (moving forward). */
  order: "traffic-first" | "traffic-last";
}

export interface MotionArgs {
  /** Value of the `app` label. */
  app: string;
  fallbackProvider: string;
  /** Pods at full capacity. */
  capacity: number;
  next: readonly TrackState[];
  /** Whether the system is to be in maintenance: its tracks then have no pods. */
  maintenance?: boolean;
  /** What the last successful update left; nothing on the first one. */
  last?: { tracks: readonly TrackState[]; selector: Record<string, string> } | undefined;
}

/** Labels that the pods of a track carry, as far as traffic is concerned. */
export function trafficLabels(app: string, state: Pick<TrackState, "track" | "provider">): Record<string, string> {
  return {
    app,
    [trackLabel]: state.track,
    [providerLabel]: state.provider,
    [roleLabel]: state.track === "fallback" ? "standby" : "serving",
  };
}

/** Whether a selector matches the pods of a track. */
export function selects(app: string, selector: Record<string, string>, state: TrackState): boolean {
  const labels = trafficLabels(app, state);
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

/** What only the pods of the maintenance page carry, and the Service selects while the system is in maintenance. */
export function maintenanceSelector(app: string): Record<string, string> {
  return { app, [roleLabel]: "maintenance" };
}

export const isMaintenance = (selector: Record<string, string>): boolean => selector[roleLabel] === "maintenance";

/** How many pods a selector matches. */
export function capacityOf(app: string, selector: Record<string, string>, tracks: readonly TrackState[]): number {
  return tracks.filter((state) => selects(app, selector, state)).reduce((sum, state) => sum + state.replicas, 0);
}

const sameSelector = (a: Record<string, string>, b: Record<string, string>): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([key, value]) => b[key] === value);

const servingNames = (tracks: readonly TrackState[]): string =>
  tracks
    .filter((state) => state.serving)
    .map((state) => state.track)
    .sort()
    .join();

function chooseSelector({ app, fallbackProvider, capacity, next, last }: MotionArgs): Record<string, string> {
  const serving = next.filter((state) => state.serving);
  const only = serving.length === 1 ? serving[0] : undefined;
  const plain: Record<string, string> = only ? { app, [trackLabel]: only.track } : { app, [roleLabel]: "serving" };
  if (!last || serving.some((state) => state.provider !== fallbackProvider)) return plain;

  const pinned = { app, [providerLabel]: fallbackProvider };
  if (sameSelector(last.selector, pinned) && servingNames(last.tracks) === servingNames(next)) return pinned;

  const stale = last.tracks.filter((state) => state.provider !== fallbackProvider && selects(app, plain, state));
  const warm = last.tracks.filter(
    (state) =>
      state.provider === fallbackProvider &&
      next.some((now) => now.track === state.track && now.template === state.template && now.replicas >= state.replicas),
  );
  return stale.length > 0 && capacityOf(app, pinned, warm) >= capacity ? pinned : plain;
}

/** A change that one switch of traffic cannot make without leaving it short of pods. */
export class MotionError extends Error {
  override name = "MotionError";
}

/**
 * Decides which pods the Service selects and when it changes.
 *
 * A provider is pinned in the selector only while falling back onto pods that already run with full capacity: pods of the failing
 * provider are then out of traffic at once, and their successors join as they become ready. It stays pinned until a track moves
 * forward again, so that an update with nothing to do changes nothing.
 *
 * Into maintenance traffic goes first and the tracks' pods after it; out of it, all tracks are ready before they get traffic.
 *
 * @throws {MotionError} for a move forward that would leave traffic short of pods whichever comes first: every track to another
 *   provider and all traffic to a canary that has not had it, in one update. No rollback is ever refused.
 */
export function decideMotion(args: MotionArgs): Motion {
  const { app, capacity, next, last, maintenance = false } = args;
  if (maintenance) return { selector: maintenanceSelector(app), order: "traffic-first" };
  const selector = chooseSelector(args);
  if (!last || isMaintenance(last.selector)) return { selector, order: "traffic-last" };

  const fallingBack = last.tracks.some(
    (state) => state.track !== "fallback" && selects(app, last.selector, state) && !selects(app, selector, state),
  );
  const safeFirst = capacityOf(app, selector, last.tracks) >= capacity;
  const safeLast = capacityOf(app, last.selector, next) >= capacity;
  if (!safeFirst && !safeLast) {
    throw new MotionError(
      "canary.weight and aiProvider: moving every track to another provider and all traffic to the canary in one update would leave " +
        "traffic without pods. Nothing was changed.\n    mend it with: two updates, first aiProvider, then canary.weight",
    );
  }
  const first = fallingBack ? safeFirst : safeFirst && !safeLast;
  return { selector, order: first ? "traffic-first" : "traffic-last" };
}

/**
 * Pods of the canary that carry `weight` percent of the traffic beside `capacity` pods of stable, to the nearest pod.
 *
 * At 100 the canary alone takes traffic, with full capacity, and stable stays as it is (design rule 2).
 */
export function canaryReplicas(weight: number, capacity: number): number {
  if (weight === 0) return 0;
  if (weight === 100) return capacity;
  return Math.max(1, Math.round((capacity * weight) / (100 - weight)));
}

/** Highest weight below 100 that replica weighting reaches: beyond it the canary would need more than three times full capacity. */
export const highestReplicaWeight = 75;

/** Whether stable takes traffic at this weight of the canary. */
export const stableServes = (weight: number): boolean => weight < 100;
