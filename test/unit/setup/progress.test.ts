import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createProgress, duration } from "../../../tools/setup/progress.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function record(isTTY: boolean): { written: () => string; output: { write(text: string): void; isTTY: boolean; columns: number } } {
  let text = "";
  return { written: () => text, output: { write: (piece) => (text += piece), isTTY, columns: 60 } };
}

const work = (report: (line: string) => void): Promise<string> => {
  report("compiled 1 packages, k8s.io/api");
  return new Promise((resolve) => setTimeout(() => resolve("built"), 70_000));
};

test("in a log a step has a line at its start, one every 30 s and one at its end", async () => {
  const { written, output } = record(false);
  const done = createProgress({ output }).step("etcd 3.7.3", { usually: "about 30 s" }, work);
  await vi.advanceTimersByTimeAsync(70_000);
  expect(await done).toBe("built");
  expect(written()).toBe(
    "… etcd 3.7.3 (usually about 30 s)\n" +
      "  etcd 3.7.3  30 s  compiled 1 packages, k8s.io/api\n" +
      "  etcd 3.7.3  1 min 0 s  compiled 1 packages, k8s.io/api\n" +
      "✔ etcd 3.7.3 built  1 min 10 s\n",
  );
});

test("with verbose every line that is reported is written, also on a terminal", async () => {
  const { written, output } = record(true);
  const done = createProgress({ output, verbose: true }).step("etcd", {}, work);
  await vi.advanceTimersByTimeAsync(70_000);
  await done;
  expect(stripVTControlCharacters(written())).toContain("  etcd: compiled 1 packages, k8s.io/api\n");
});

test("on a terminal a live line fits its width and shows the time gone and the last thing reported", async () => {
  const { written, output } = record(true);
  const done = createProgress({ output }).step("etcd", { usually: "about 30 s" }, work);
  await vi.advanceTimersByTimeAsync(5000);
  const last = stripVTControlCharacters(written()).trimEnd().split("\n").at(-1);
  expect(last).toBe("\r… etcd  5.0 s of usually about 30 s  compiled 1 packages, k");
  await vi.advanceTimersByTimeAsync(65_000);
  await done;
  expect(stripVTControlCharacters(written()).trimEnd().split("\n").at(-1)).toBe("\r✔ etcd built  1 min 10 s");
});

test("a step that fails is marked, and its error goes on", async () => {
  const { written, output } = record(false);
  const done = createProgress({ output }).step("etcd", {}, async () => {
    throw new Error("no disk");
  });
  await expect(done).rejects.toThrow("no disk");
  expect(written()).toBe("… etcd\n✘ etcd  0.0 s\n");
});

test("times read as a person says them", () => {
  expect([860, 59_600, 60_000, 75_000].map(duration)).toEqual(["0.9 s", "60 s", "1 min 0 s", "1 min 15 s"]);
});
