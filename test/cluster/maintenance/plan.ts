import { definePlan } from "../../../components/plan/plan.ts";

/** Jobs follow one another, so a worker is always in the middle of one when it is told to end. */
const jobSeconds = 8;

const task = "if (process.env.PAGE_SIZE === '13') { console.log('FATAL: no such page size'); process.exit(1); } console.log('emptied')";

export default definePlan({
  system: "shop",
  title: "A shop",
  service: {
    name: "shop",
    container: "app",
    port: 8080,
    healthPath: "/health",
    replicas: 2,
    resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "256Mi" } },
    tracks: { stable: { deployment: "shop", version: "stable" }, canary: { deployment: "shop-canary", version: "canary" } },
  },
  workers: {
    jobs: { deployment: "shop-worker", command: ["celery", "-A", "config", "worker"], replicas: 1, drainSeconds: 60 },
  },
  tasks: {
    flushCache: {
      title: "Empty the cache",
      command: ["/usr/local/bin/node", "-e", task],
      on: ["image", "settings"],
      timeoutSeconds: 60,
    },
  },
  maintenance: { retryAfterSeconds: 60, title: "Back soon", text: "We restore the previous version." },
  settings: {
    jobSeconds: { type: "integer", env: "WORKER_JOB_SECONDS", default: jobSeconds, description: "Seconds a job takes" },
    pageSize: { type: "integer", env: "PAGE_SIZE", default: 20, description: "Products a page" },
  },
  providers: {
    fallback: "openai",
    candidate: "gemini",
    known: {
      openai: { env: { AI_PROVIDER: "openai" }, credentials: { apiKey: "OPENAI_API_KEY" } },
      gemini: { env: { AI_PROVIDER: "gemini" }, credentials: { apiKey: "GEMINI_API_KEY" } },
    },
  },
  objectives: { rtoSeconds: 120, rpoSeconds: 0, success: ["It works"], drill: { everyDays: 31, level: "code", success: ["It works"] } },
  before: { aiProvider: "openai" },
  levels: {
    code: {
      title: "Previous version, in maintenance",
      when: ["The code is to blame"],
      rows: ["B3"],
      rtoSeconds: 120,
      steps: [
        { levers: [{ path: "maintenance", value: true }] },
        { levers: [{ path: "stable.image", sameAs: "previous.image" }] },
        { levers: [{ path: "maintenance", value: false }] },
      ],
      safe: { release: "after" },
      verification: [{ type: "http", title: "health", path: "/health", status: 200 }],
    },
  },
});
