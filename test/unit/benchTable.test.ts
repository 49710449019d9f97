import { expect, test } from "vitest";
import type { Result } from "../../bench/contest.ts";
import {
  commandTable,
  databaseTable,
  kept,
  policiesTable,
  providerTable,
  type RollbackFigures,
  rollbackTable,
  scaleTable,
} from "../../bench/table.ts";

const result = (toSafety: number | null, failed = 0): Result => ({
  name: "x",
  toSafety,
  toDone: 20,
  requests: 1000,
  failed,
  firstFailure: null,
});

function outcome(ours: Result[]): RollbackFigures {
  return {
    machine: "2 × CPU, 24 GiB",
    requestsPerSecond: 50,
    warmUpSeconds: 8,
    ours: [{ name: "level 1, warm fallback", target: 4, results: ours }],
    peers: [{ name: "kubectl rollout undo", results: [result(20), result(22)] }],
    startup: { preview: 2.04, programStart: 0.613 },
    clusterMemory: 1.25 * 1024 ** 3,
  };
}

test("the table gives each run, the promise, and the ratio of the medians", () => {
  const lines = rollbackTable(outcome([result(2), result(2.2)])).split("\n");
  expect(lines[0]).toMatch(/to safety +target +failed +÷ kubectl rollout undo$/);
  expect(lines[1]).toMatch(/^level 1, warm fallback +2\.0 \/ 2\.2 s +≤ 4 s +0 +0\.10$/);
  expect(lines[2]).toMatch(/^kubectl rollout undo +20\.0 \/ 22\.0 s +0$/);
  expect(lines.slice(4)).toEqual([
    "pulumi preview, nothing to change   2.0 s      ≤ 3 s",
    "program start to first resource     0.61 s     ≤ 1 s",
    "cluster with the demo, resident     1.25 GiB   < 1.5 GiB",
  ]);
});

test("the promises that no machine changes: safety is reached and no request fails", () => {
  expect(kept(outcome([result(2), result(90)]))).toBe(true);
  expect(kept(outcome([result(2), result(2, 1)]))).toBe(false);
  expect(kept(outcome([result(2), result(null)]))).toBe(false);
});

test("the provider's table puts it, and all of pulumi up, beside kubectl", () => {
  const figures = { count: 200, firstAnswer: 0.121, kubectl: 0.6, provider: 0.48, up: 6, preview: 2.24 };
  expect(providerTable(figures).split("\n")).toEqual([
    "provider start to first answer                    0.12 s                    ≤ 0.5 s",
    "pulumi preview of 200, nothing to change          2.2 s                     ≤ 3 s",
    "200 ConfigMaps: kubectl apply --server-side       0.60 s",
    "200 ConfigMaps: the provider                      0.48 s   0.8 × kubectl    ≤ 1.5 × kubectl",
    "200 ConfigMaps: pulumi up, with its checkpoints   6.0 s    10.0 × kubectl",
  ]);
});

test("the table of scale says what each system adds to a preview, and whether that stays the same", () => {
  const sizes = [
    { systems: 1, resources: 20, preview: 2 },
    { systems: 10, resources: 190, preview: 3.8 },
    { systems: 100, resources: 1900, preview: 23.6 },
  ];
  expect(scaleTable(sizes).split("\n")).toEqual([
    "systems   resources   preview   each more   ratio   target",
    "1         20          2.0 s",
    "10        190         3.8 s     200 ms",
    "100       1900        23.6 s    220 ms      1.10    ≤ 1.5",
  ]);
});

test("the policies' table says what they add to a preview, and for each system more", () => {
  const sizes = [
    { systems: 1, without: 2, with: 3.1 },
    { systems: 10, without: 4, with: 5.37 },
    { systems: 100, without: 24, with: 28.1 },
  ];
  expect(policiesTable(sizes).split("\n")).toEqual([
    "systems   preview   with the pack   added   target    ratio   each more",
    "1         2.0 s     3.1 s           1.1 s   ≤ 1.5 s   1.55",
    "10        4.0 s     5.4 s           1.4 s             1.34    30 ms",
    "100       24.0 s    28.1 s          4.1 s             1.17    30 ms",
  ]);
});

test("the command's table puts rollback beside the plain commands", () => {
  expect(commandTable({ plain: 8, to: 10.4, status: 1.64 }).split("\n")).toEqual([
    "pulumi config set, pulumi up, verified   8.0 s",
    "rollback to flag, verified               10.4 s   1.30 × pulumi   ≤ 1.5 × pulumi",
    "rollback status                          1.6 s                    ≤ 2 s",
  ]);
});

test("the databases' table puts backup and restore beside pg_dump and pg_restore, and the trial restore beside that", () => {
  const size = { mebibytes: 100, plain: { dump: 4, restore: 3 }, ours: { backup: 5, trial: 2.5, restore: 2.7 } };
  expect(databaseTable([size]).split("\n")).toEqual([
    "database   pg_dump   pg_restore   backup   restore   trial restore   ratio   target",
    "100 MiB    4.0 s     3.0 s        5.0 s    2.7 s     2.5 s           1.10    ≤ 1.2",
  ]);
});
