import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { projectRoot } from "../../tools/paths.ts";
import { closing, lastLine, type SuiteEnd } from "../../tools/test/closing.ts";
import { resultsVariable } from "../../tools/test/reporter.ts";
import type { Results } from "../../tools/test/results.ts";

const files = {
  hook: `describe("a group", () => {
    beforeAll(() => { throw new Error("no cluster\\nin many lines"); });
    it("one", () => {});
    describe("in it", () => it("two", () => {}));
  });
  describe("another", () => { afterAll(() => { throw new Error("cannot clean up"); }); it("passes", () => {}); });`,
  unloadable: `await Promise.reject(new TypeError("nothing here"));`,
  plain: `describe("plain", () => {
    it("fails", () => expect(1).toBe(2));
    it.skip("is skipped", () => {});
    it("skips itself", (context) => context.skip("no root here"));
  });`,
  loose: `it("passes", () => { setTimeout(() => { throw new Error("too late"); }, 0); });
  it("lasts longer", () => new Promise((resolve) => setTimeout(resolve, 50)));`,
};

let folder: string;
let results: Results;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "closing-"));
  mkdirSync(join(folder, "tests"));
  symlinkSync(join(projectRoot, "node_modules"), join(folder, "node_modules"));
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, `tests/${name}.test.js`), `import { afterAll, beforeAll, describe, expect, it } from "vitest";\n${text}`);
  }
  const reporter = join(projectRoot, "tools/test/reporter.ts");
  const env = { [resultsVariable]: join(folder, "results.json") };
  await execa("vitest", ["run", "--root", folder, `--reporter=${reporter}`], {
    env,
    preferLocal: true,
    localDir: projectRoot,
    reject: false,
  });
  results = JSON.parse(readFileSync(join(folder, "results.json"), "utf8"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const end = (): SuiteEnd => ({
  suite: "unit",
  passed: results.tests.filter(({ outcome }) => outcome === "passed").length,
  failures: results.failures,
  skips: results.skips,
});

it("a run's end names each failed test, hook and file with the first line of its error, and says why tests were skipped", () => {
  const where = relative(projectRoot, join(folder, "tests"));
  const lines = closing([end()]).map((line) => line.replaceAll(where, "tests"));
  const at = lines.indexOf("Skipped:");
  expect([lines[0], ...pairs(lines.slice(1, at)).sort()]).toEqual([
    "Failed:",
    "  unit: an error outside of every test\n    Error: too late",
    "  unit: tests/hook.test.js › a group: a hook failed, and 2 tests did not run\n    Error: no cluster",
    "  unit: tests/hook.test.js › another: a hook failed\n    Error: cannot clean up",
    "  unit: tests/plain.test.js › plain › fails\n    AssertionError: expected 1 to be 2 // Object.is equality",
    "  unit: tests/unloadable.test.js does not load\n    TypeError: nothing here",
  ]);
  expect(lines.slice(at + 1).sort()).toEqual(["  unit: 1: no root here", "  unit: 1: tests/plain.test.js does not say why"]);
});

it("the last line counts what did not load, and what did not run as skipped", () => {
  expect(lastLine([end()])).toBe("3 passed, 5 failed, 4 skipped");
});

it("a suite that is left out says why once", () => {
  const skips = [{ file: "a.test.ts" }, { file: "b.test.ts" }];
  const leftOut: SuiteEnd = { suite: "cluster", passed: 0, failures: [], skips, leftOut: "this machine has no root\n  Use one that has." };
  expect(closing([leftOut])).toEqual(["Skipped:", "  cluster: 2: this machine has no root Use one that has."]);
  expect(lastLine([leftOut])).toBe("0 passed, 0 failed, 2 skipped");
});

it("nothing is told of a run in which everything passed but its counts", () => {
  const passed: SuiteEnd = { suite: "unit", passed: 7, failures: [], skips: [] };
  expect(closing([passed])).toEqual([]);
  expect(lastLine([passed, passed])).toBe("14 passed, 0 failed");
});

const pairs = (lines: string[]): string[] => lines.flatMap((line, index) => (index % 2 === 0 ? [`${line}\n${lines[index + 1]}`] : []));
