import { expect, test, vi } from "vitest";
import type { Plan } from "../../components/plan/plan.ts";
import { onGround } from "../../drill/ground.ts";
import { parseOptions, UsageError } from "../../drill/options.ts";
import { chooseLevels } from "../../drill/rehearse.ts";
import mindmend from "../../stacks/mindmend.ts";

test("a drill is of mindmend without its database, on the project's node, unless told otherwise", () => {
  const nothing = { levels: [], context: undefined, simulated: false, record: false, verbose: false };
  expect(parseOptions([])).toEqual({ system: "mindmend", data: false, ...nothing });
  expect(parseOptions(["--data"])).toEqual({ system: "mindmend", data: true, ...nothing });
});

test("a database is set up on the project's own node only", () => {
  for (const elsewhere of [["--simulated"], ["--context", "x"]])
    expect(() => parseOptions(["--data", ...elsewhere])).toThrow("--data is for the project's own node");
});

test("a database of a size is one with data", () => {
  expect(parseOptions(["wabot", "--database-size", "1GiB"])).toMatchObject({ system: "wabot", data: true, databaseSize: 2 ** 30 });
  expect(parseOptions(["--database-size", "1.5MiB"])).toMatchObject({ databaseSize: 1.5 * 2 ** 20 });
  expect(() => parseOptions(["--database-size", "1GB"])).toThrow(
    "--database-size 1GB: expected a number with MiB or GiB, for example 1GiB",
  );
});

test("system, levels and context are taken as typed", () => {
  expect(parseOptions(["mindmend", "traffic", "flag", "--context", "kind-drill", "--verbose"])).toEqual({
    system: "mindmend",
    levels: ["traffic", "flag"],
    data: false,
    context: "kind-drill",
    simulated: false,
    record: false,
    verbose: true,
  });
});

test("an unknown option is refused with the usage", () => {
  expect(() => parseOptions(["--contxt", "x"])).toThrow(UsageError);
  expect(() => parseOptions(["--contxt", "x"])).toThrow("npm run drill -- [system] [level…]");
});

test("one's own cluster and a simulated one exclude each other", () => {
  expect(() => parseOptions(["--context", "x", "--simulated"])).toThrow("--context and --simulated exclude each other");
});

test("a drill is recorded where that is asked for, and never where no pod runs", () => {
  expect(parseOptions(["mindmend", "--record"]).record).toBe(true);
  expect(() => parseOptions(["--record", "--simulated"])).toThrow(
    "--record and --simulated exclude each other: no pod runs, so no rollback is rehearsed",
  );
});

test("no level can be named for all systems at once", () => {
  expect(parseOptions(["all"]).system).toBe("all");
  expect(() => parseOptions(["all", "flag"])).toThrow("all drills every level of every system; no level can be named beside it");
});

test("all levels of the plan are drilled unless some are named", () => {
  expect(chooseLevels(mindmend, [])).toEqual(Object.keys(mindmend.levels));
  expect(chooseLevels(mindmend, ["traffic"])).toEqual(["traffic"]);
});

test("a level that the plan does not have is refused with those it has", () => {
  expect(() => chooseLevels(mindmend, ["trafic"])).toThrow("the plan of mindmend has no level trafic; it has flag, traffic");
});

test("a level that takes a Gateway or a database is drilled on the project's own node, and left out elsewhere", () => {
  const { flag, endpoint } = mindmend.levels;
  const database = { ...flag, steps: [{ levers: [{ path: "database.revision", value: "0001" }] }] };
  const plan = { ...mindmend, levels: { flag, endpoint, database } } as Plan;
  const names = ["flag", "endpoint", "database"];
  const said = vi.spyOn(console, "log").mockImplementation(() => {});
  expect(onGround(plan, names, "node", { named: false, data: true })).toEqual(names);
  expect(onGround(plan, names, "simulated", { named: false, data: true })).toEqual(["flag"]);
  expect(said.mock.calls).toEqual([
    ["Left out: endpoint: drilled through a Gateway, which a drill sets up on the project's own node only."],
    ["Left out: database: drilled with a database, which a drill sets up on the project's own node only."],
  ]);
  expect(onGround(plan, names, "node", { named: false, data: false })).toEqual(["flag", "endpoint"]);
  expect(said.mock.lastCall).toEqual(["Left out: database: drilled with a database: npm run drill -- mindmend --data."]);
  expect(() => onGround(plan, ["database"], "context", { named: true, data: true })).toThrow(
    "database: drilled with a database, which a drill sets up on the project's own node only",
  );
  said.mockRestore();
});
