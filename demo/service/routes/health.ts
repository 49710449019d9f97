import { setTimeout as sleep } from "node:timers/promises";
import type { Config } from "../config.ts";
import type { Reply, Route } from "../server.ts";

/** Less than a probe's timeout (2 s in these stacks). */
const heldMilliseconds = 1500;
const lookMilliseconds = 20;

/**
 * `/health` and `/v1/health` say whether to send requests here; `/livez` only that the process answers. While the service starts,
 * the answer is held back until it is ready: a kubelet asks once a second, so that an answer at once would cost up to a second more.
 */
export function healthRoutes(config: Config, state: () => "ok" | "starting" | "stopping"): Route[] {
  const about = { provider: config.provider.name, track: config.track, version: config.version };
  const health = async (): Promise<Reply> => {
    const until = performance.now() + heldMilliseconds;
    while (state() === "starting" && performance.now() < until) await sleep(lookMilliseconds);
    return { status: state() === "ok" ? 200 : 503, body: { status: state(), ...about } };
  };
  return [
    { method: "GET", path: "/health", quiet: true, handle: health },
    { method: "GET", path: "/v1/health", quiet: true, handle: health },
    { method: "GET", path: "/livez", quiet: true, handle: () => ({ status: 200, body: { status: "ok", ...about } }) },
  ];
}
