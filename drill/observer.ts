/** Where no traffic is real: what the API server says would take it, looked at ten times a second. */

import { providerLabel, trackLabel } from "../components/motion.ts";
import { isReady, type Kube, sleep } from "./kube.ts";
import { now } from "./request.ts";
import type { Measurement, SafeState } from "./safety.ts";

export interface Observer {
  /** Whether the last look found only safe pods behind the Service. */
  readonly safe: boolean;
  /** Ends the looking and measures from `pulledAt` (milliseconds since the epoch). */
  stop(pulledAt: number): Promise<Measurement>;
}

/** Starts to look at the ready pods that the Service selects; their labels say which track and provider they are. */
export function startObserver(kube: Kube, service: string, safe: SafeState): Observer {
  const looks: { at: number; safe: boolean }[] = [];
  let stopping = false;
  const looking = (async () => {
    while (!stopping) {
      looks.push({ at: now(), safe: await servesOnly(kube, service, safe) });
      await sleep(100);
    }
  })();
  looking.catch(() => {});
  return {
    get safe() {
      return looks.at(-1)?.safe ?? false;
    },
    async stop(pulledAt) {
      stopping = true;
      await looking;
      const lastUnsafe = looks.findLast((look) => !look.safe);
      const firstSafe = looks.find((look) => look.at > (lastUnsafe?.at ?? pulledAt));
      return {
        requests: 0,
        failures: [],
        timeToSafetyMs: looks.at(-1)?.safe && firstSafe ? Math.max(0, firstSafe.at - pulledAt) : null,
        unsafeBefore: looks.filter((look) => !look.safe && look.at < pulledAt).length,
        p95BeforeMs: null,
        p95AfterMs: null,
        worstLagMs: 0,
      };
    },
  };
}

async function servesOnly(kube: Kube, service: string, safe: SafeState): Promise<boolean> {
  const { selector } = await kube.service(service);
  const labels = Object.entries(selector).map(([key, value]) => `${key}=${value}`);
  const serving = (await kube.pods(labels.join(","))).filter(isReady);
  const carries = (label: string, wanted: string | undefined) =>
    wanted === undefined || serving.every((pod) => pod.metadata?.labels?.[label] === wanted);
  return serving.length > 0 && carries(providerLabel, safe.provider) && carries(trackLabel, safe.track);
}
