import { setTimeout as sleep } from "node:timers/promises";
import type { Config } from "../config.ts";
import type { Reply, Route } from "../server.ts";

/** Less than a probe waits for its answer. */
const holdMs = 1000;

/**
 * `/health` and `/v1/health` say whether to send requests here; `/livez` only that the process answers. While the service starts it keeps a probe
 * waiting: Kubernetes looks once a second at most, and is told at the very moment this way.
 */
export function healthRoutes(config: Config, state: () => "ok" | "starting" | "stopping"): Route[] {
  const about = { provider: config.provider.name, track: config.track, version: config.version };
  const health = async (): Promise<Reply> => {
    const until = performance.now() + holdMs;
    while (state() === "starting" && performance.now() < until) await sleep(10);
    return { status: state() === "ok" ? 200 : 503, body: { status: state(), ...about } };
  };
  return [
    { method: "GET", path: "/health", quiet: true, handle: health },
    { method: "GET", path: "/v1/health", quiet: true, handle: health },
    { method: "GET", path: "/livez", quiet: true, handle: () => ({ status: 200, body: { status: "ok", ...about } }) },
  ];
}
