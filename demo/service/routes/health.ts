import { setTimeout as sleep } from "node:timers/promises";
import type { Config } from "../config.ts";
import type { Route } from "../server.ts";

/**
 * How long a probe is kept waiting for an app that is about to be ready, in milliseconds: it then hears of it at once, not when it asks again a
 * second later. Less than the second between two probes, and than the time that one has.
 */
const patience = 900;

/** `/health` and `/v1/health` say whether to send requests here; `/livez` only that the process answers. */
export function healthRoutes(config: Config, state: () => "ok" | "starting" | "stopping"): Route[] {
  const about = { provider: config.provider.name, track: config.track, version: config.version };
  const health = async () => {
    const until = Date.now() + patience;
    while (state() === "starting" && Date.now() < until) await sleep(10);
    const status = state();
    return { status: status === "ok" ? 200 : 503, body: { status, ...about } };
  };
  return [
    { method: "GET", path: "/health", quiet: true, handle: health },
    { method: "GET", path: "/v1/health", quiet: true, handle: health },
    { method: "GET", path: "/livez", quiet: true, handle: () => ({ status: 200, body: { status: "ok", ...about } }) },
  ];
}
