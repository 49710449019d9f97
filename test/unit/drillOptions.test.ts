import { expect, test } from "vitest";
import { parseOptions, UsageError } from "../../drill/options.ts";
import { chooseLevels } from "../../drill/rehearse.ts";
import mindmend from "../../stacks/mindmend.ts";

test("a drill is of mindmend, on the project's node, unless told otherwise", () => {
  expect(parseOptions([])).toEqual({ system: "mindmend", levels: [], context: undefined, simulated: false, record: false, verbose: false });
});

test("system, levels and context are taken as typed", () => {
  expect(parseOptions(["mindmend", "traffic", "flag", "--context", "kind-drill", "--verbose"])).toEqual({
    system: "mindmend",
    levels: ["traffic", "flag"],
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
