import { setTimeout as sleep } from "node:timers/promises";
import { accessCluster } from "../cluster/access.ts";
import { ThroughServer } from "../cluster/throughServer.ts";
import { reason } from "../cluster/within.ts";
import { OperatorError } from "../operatorError.ts";
import type { Screen } from "../screen.ts";
import type { OpenStack } from "../stack/open.ts";
import { utc } from "../text.ts";
import { type Cluster, look, type Sight } from "./look.ts";
import { frame, line } from "./show.ts";
import { viewOf } from "./view.ts";

export interface Watching {
  everySeconds: number;
  /** Ends it. */
  signal: AbortSignal;
}

/**
 * Shows one look after the other until it is ended: on a terminal in place, elsewhere a line each. A cluster that does not answer is said, and asked
 * again.
 * @throws {OperatorError} where the stack names no cluster, or where it did not answer a single time.
 */
export async function monitor(stack: OpenStack, { everySeconds, signal }: Watching, screen: Screen): Promise<void> {
  const access = await accessCluster(stack);
  const { CoreV1Api } = await import("@kubernetes/client-node");
  const cluster: Cluster = {
    core: access.config.makeApiClient(CoreV1Api),
    server: await ThroughServer.make(access),
    namespace: access.namespace,
  };
  let before: Sight | undefined;
  let silent = "";
  while (!signal.aborted) {
    const next = sleep(everySeconds * 1000, undefined, { signal }).catch(() => undefined);
    const sight = await look(cluster, stack.plan).catch((error) => reason(error));
    if (signal.aborted) break;
    if (typeof sight === "string") {
      silent = `the cluster does not answer: ${sight}`;
      show(screen, [`${stack.name}, ${utc(Date.now())}`, silent], `${utc(Date.now())}  ${silent}`);
    } else {
      const view = viewOf(before, sight);
      show(screen, frame(stack.name, view, screen), line(view));
      before = sight;
    }
    await next;
  }
  // Below what was drawn, where the terminal may have written ^C.
  if (screen.draw) screen.print();
  if (before === undefined && silent !== "") throw new OperatorError(`${silent}\n    check it with: ${access.kubectl} get pods`);
}

function show({ draw, print }: Screen, lines: readonly string[], short: string): void {
  if (draw) draw(lines);
  else print(short);
}
