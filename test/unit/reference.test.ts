import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { publicComponents } from "../../reference/api.ts";
import { referenceFolder, referencePages } from "../../reference/main.ts";

it("the reference is what the components are now; `npm run reference` writes it", { timeout: 120_000 }, async () => {
  const committed = readdirSync(referenceFolder).map((name) => [name, readFileSync(join(referenceFolder, name), "utf8")]);
  expect(Object.fromEntries(committed)).toEqual(await referencePages());
});

it("every public component says what it is, and what each of its arguments is or is named after", { timeout: 120_000 }, () => {
  const components = publicComponents();
  expect(components.map(({ name }) => name)).toContain("Release");
  expect(components.filter(({ doc }) => doc === "")).toEqual([]);
  expect(components.filter(({ args }) => args.length === 0)).toEqual([]);
});
