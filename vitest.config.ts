import { defineConfig } from "vitest/config";

const minute = 60_000;

/** Tests have a state and a passphrase of their own: the ones that a shell names are somebody's. */
for (const name of Object.keys(process.env)) if (name.startsWith("PULUMI_")) delete process.env[name];

/** What shares the cluster of drills, much of it measured under load, or looks at what a cluster leaves of itself: nothing else runs meanwhile. */
const alone = "test/cluster/{cluster,database,databaseFaults,drill,gateway,maintenance,rollback/{faults,incident,rollback}}.test.ts";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.ts", "components/**/*.test.ts", "policies/**/*.test.ts"],
          // No limit on speed: whatever takes so long hangs.
          testTimeout: minute,
          hookTimeout: minute,
          // By default vitest leaves a core free: on two, that halves the speed.
          maxWorkers: "100%",
          sequence: { groupOrder: 1 },
        },
      },
      // Each file has a checkout and a state of its own; two at a time, since much of it is waiting.
      {
        test: {
          name: "engine",
          include: ["test/engine/**/*.test.ts"],
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
          testTimeout: 5 * minute,
          hookTimeout: 5 * minute,
        },
      },
      {
        test: {
          name: "cluster",
          include: ["test/cluster/**/*.test.ts"],
          exclude: [alone],
          // Each has a cluster of its own; two at a time, since much of it is waiting.
          maxWorkers: 2,
          sequence: { groupOrder: 3 },
          testTimeout: 10 * minute,
          hookTimeout: 10 * minute,
        },
      },
      {
        test: {
          name: "cluster-alone",
          include: [alone],
          env: { ROLLBACK_STACKS_SHARED_CLUSTER: "true" },
          fileParallelism: false,
          sequence: { groupOrder: 4 },
          testTimeout: 10 * minute,
          hookTimeout: 10 * minute,
        },
      },
    ],
  },
});
