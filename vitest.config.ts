import { defineConfig } from "vitest/config";

const minute = 60_000;

/** What shares the cluster of drills, and much of it is measured under load: nothing else runs meanwhile. */
const onSharedCluster = "test/cluster/{database,databaseFaults,drill,gateway,maintenance,rollback/*}.test.ts";

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
          exclude: [onSharedCluster],
          // Each starts a cluster of its own, which takes what two cores have.
          fileParallelism: false,
          sequence: { groupOrder: 3 },
          testTimeout: 10 * minute,
          hookTimeout: 10 * minute,
        },
      },
      {
        test: {
          name: "cluster-shared",
          include: [onSharedCluster],
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
