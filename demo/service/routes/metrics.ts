import type { Metrics } from "../metrics.ts";
import type { Route } from "../server.ts";

export function metricsRoute({ registry }: Metrics): Route {
  const handle = async () => ({ status: 200, body: await registry.metrics(), contentType: registry.contentType });
  return { method: "GET", path: "/metrics", quiet: true, handle };
}
