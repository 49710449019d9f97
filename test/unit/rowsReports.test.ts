import { expect, it } from "vitest";
import { changedSince } from "../../tools/rows/reports.ts";

it("results are older than the checkout when a file of it changed since, and not otherwise", () => {
  expect(changedSince(0)).toMatch(/\w/);
  expect(changedSince(Date.now() + 60_000)).toBeUndefined();
});
