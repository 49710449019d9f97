/** Where no traffic is real: what the API server says would take it, looked at ten times a second. */

import { providerLabel, releaseLabel, trackLabel } from "../components/motion.ts";
import { isReady } from "../probes/podState.ts";
import { now } from "../probes/request.ts";
import { type Kube, sleep } from "./kube.ts";
import { isOf, type Measurement, type RequestRecord, type SafeState } from "./safety.ts";

type Origin = Pick<RequestRecord, "track" | "provider" | "release">;

export interface Observer {
  /** Whether the last look found only safe pods behind the Service. */
  readonly safe: boolean;
  /** What counts as safe from now on, for the looks before as well. */
  judgeBy(safe: SafeState): void;
  /** Ends the looking and measures from `pulledAt` (milliseconds since the epoch). */
  stop(pulledAt: number): Promise<Measurement>;
}

/** Starts to look at the ready pods that the Service selects; their labels say which track and provider they are. */
export function startObserver(kube: Kube, service: string, before: SafeState): Observer {
  let safe = before;
  const looks: { at: number; serving: Origin[] }[] = [];
  const isSafe = ({ serving }: { serving: Origin[] }) => serving.length > 0 && serving.every((pod) => isOf(pod, safe));
  let stopping = false;
  const looking = (async () => {
    while (!stopping) {
      looks.push({ at: now(), serving: await whoServes(kube, service) });
      await sleep(100);
    }
  })();
  looking.catch(() => {});
  return {
    get safe() {
      const last = looks.at(-1);
      return last !== undefined && isSafe(last);
    },
    judgeBy(after) {
      safe = after;
    },
    async stop(pulledAt) {
      stopping = true;
      await looking;
      const lastUnsafe = looks.findLast((look) => !isSafe(look));
      const firstSafe = looks.find((look) => look.at > (lastUnsafe?.at ?? pulledAt));
      return {
        requests: 0,
        failures: [],
        maintenance: null,
        timeToSafetyMs: this.safe && firstSafe ? Math.max(0, firstSafe.at - pulledAt) : null,
        unsafeBefore: looks.filter((look) => !isSafe(look) && look.at < pulledAt).length,
        p95BeforeMs: null,
        p95AfterMs: null,
        worstLagMs: 0,
      };
    },
  };
}

async function whoServes(kube: Kube, service: string): Promise<Origin[]> {
  const { selector } = await kube.service(service);
  const selected = Object.entries(selector).map(([key, value]) => `${key}=${value}`);
  const serving = (await kube.pods(selected.join(","))).filter(isReady);
  return serving.map(({ metadata: { labels = {} } = {} }) => ({
    track: labels[trackLabel] ?? null,
    provider: labels[providerLabel] ?? null,
    release: labels[releaseLabel] ?? null,
  }));
}
