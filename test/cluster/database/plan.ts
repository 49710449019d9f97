import { definePlan } from "../../../components/plan/plan.ts";
import mindmend from "../../../stacks/mindmend.ts";

/** Mindmend's database and providers with no more pods than it takes. */
export default definePlan({
  system: "clinic",
  title: "A clinic",
  service: {
    name: "clinic",
    container: "app",
    port: 8080,
    healthPath: "/health",
    replicas: 2,
    resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "256Mi" } },
    tracks: { stable: { deployment: "clinic", version: "stable" }, canary: { deployment: "clinic-canary", version: "canary" } },
  },
  database: mindmend.database,
  maintenance: { retryAfterSeconds: 60, title: "Back soon", text: "We restore an earlier version." },
  settings: mindmend.settings,
  providers: mindmend.providers,
  queries: {
    orphans: {
      title: "Sessions without a patient",
      kind: "integrity",
      sql: "SELECT COUNT(*) FROM sessions WHERE patient_id NOT IN (SELECT id FROM patients)",
      expect: 0,
    },
    blank: {
      title: "Sessions without a message",
      kind: "integrity",
      sql: "SELECT COUNT(*) FROM sessions WHERE message = ''",
      expect: 0,
    },
  },
  repairs: { forget: { title: "Forget them", provenBy: "blank", sql: "DELETE FROM sessions WHERE message = ''" } },
  objectives: { rtoSeconds: 600, rpoSeconds: 0, success: ["It works"], drill: { everyDays: 31, level: "database", success: ["It works"] } },
  before: { aiProvider: "openai" },
  levels: {
    database: {
      title: "Previous version, previous revision",
      when: ["The schema is to blame"],
      rows: ["M5"],
      rtoSeconds: 600,
      steps: [
        {
          levers: [
            { path: "stable.image", sameAs: "previous.image" },
            { path: "database.revision", value: "0001" },
          ],
        },
      ],
      safe: { release: "after" },
      verification: [{ type: "http", title: "health", path: "/health", status: 200 }],
    },
  },
});
