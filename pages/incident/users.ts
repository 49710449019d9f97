import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterAccess } from "../../cli/cluster/access.ts";
import { servicePort, ThroughServer } from "../../cli/cluster/throughServer.ts";
import { standInName } from "../../demo/manifests.ts";
import type { Fault } from "../../demo/providers/faults.ts";
import { session } from "../../stacks/mindmend/requests.ts";

const everyMs = 100;
const timeoutMs = 10_000;

/** People who use the system meanwhile. @returns what sends them away. */
export async function users(access: Pick<ClusterAccess, "config" | "namespace">): Promise<() => Promise<void>> {
  const send = (await ThroughServer.make(access)).toService("mindmend", servicePort);
  let here = true;
  const call = { method: "POST", path: session.path, body: JSON.stringify(session.body), timeoutMs };
  const walking = (async () => {
    const asked: Promise<unknown>[] = [];
    while (here) {
      asked.push(send(call).catch(() => undefined));
      await sleep(everyMs);
    }
    await Promise.all(asked);
  })();
  return async () => {
    here = false;
    await walking;
  };
}

/** Makes the stand-in of an AI provider fail. */
export async function fail(access: Pick<ClusterAccess, "config" | "namespace">, fault: Fault & { provider: string }): Promise<void> {
  const send = (await ThroughServer.make(access)).toService(standInName, servicePort);
  await send({ method: "POST", path: "/__faults", body: JSON.stringify(fault), timeoutMs });
}
