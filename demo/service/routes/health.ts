import type { Config } from "../config.ts";
import type { Route } from "../server.ts";

/** `/health` and `/v1/health` say whether to send requests here; `/livez` only that the process answers. */
export function healthRoutes(config: Config, state: () => "ok" | "starting" | "stopping"): Route[] {
  const about = { provider: config.provider.name, track: config.track, version: config.version };
  const health = () => ({ status: state() === "ok" ? 200 : 503, body: { status: state(), ...about } });
  return [
    { method: "GET", path: "/health", quiet: true, handle: health },
    { method: "GET", path: "/v1/health", quiet: true, handle: health },
    { method: "GET", path: "/livez", quiet: true, handle: () => ({ status: 200, body: { status: "ok", ...about } }) },
  ];
}
