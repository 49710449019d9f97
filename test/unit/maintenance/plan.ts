import type { Plan, PlanInput } from "../../../components/plan/plan.ts";
import { level, planWith } from "../flags/plans.ts";

/** A small plan with a maintenance page, a worker, and tasks after changes. */
export const shop = (more: Partial<PlanInput> = {}): Plan =>
  planWith(
    { known: { search: { description: "Search", env: { enabled: "ENABLE_SEARCH" } } } },
    {
      settings: { pageSize: { type: "integer", env: "PAGE_SIZE", default: 20, description: "Products a page" } },
      maintenance: { retryAfterSeconds: 60, title: "Back soon", text: "We restore the previous version." },
      workers: { jobs: { deployment: "shop-worker", command: ["celery", "-A", "config", "worker"], replicas: 2, drainSeconds: 120 } },
      tasks: {
        flushCache: { title: "Empty Redis", command: ["redis-cli", "FLUSHDB"], on: ["flags", "settings", "image"] },
        warmUp: { title: "Warm up", command: ["python", "manage.py", "warm_up"], on: ["image"], timeoutSeconds: 60 },
      },
      levels: { provider: level({ path: "aiProvider", value: "openai" }), code: level({ path: "maintenance", value: true }) },
      ...more,
    },
  );

export const image = (digit: string): string => `registry.example/app@sha256:${digit.repeat(64)}`;

/** A stack of {@link shop} in service. */
export const inService = {
  system: "shop",
  aiProvider: "openai",
  stable: { image: image("a") },
  verification: { image: image("e") },
  credentials: { openai: { apiKey: "sk-one" }, gemini: { apiKey: "key-two" } },
};
