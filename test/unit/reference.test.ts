import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { type Component, publicComponents } from "../../pages/reference/api.ts";
import { referenceFolder, referencePages } from "../../pages/reference/main.ts";

let components: Component[];

beforeAll(() => {
  components = publicComponents();
}, 120_000);

it("the reference is what the components are now; `npm run reference` writes it", { timeout: 60_000 }, async () => {
  const committed = readdirSync(referenceFolder).map((name) => [name, readFileSync(join(referenceFolder, name), "utf8")]);
  expect(Object.fromEntries(committed)).toEqual(await referencePages(components));
});

it("every public component says what it is, and what each of its arguments is", () => {
  expect(components.map(({ name }) => name)).toContain("Release");
  const unsaid = components.flatMap(({ name, doc, args }) => [
    ...(doc === "" ? [name] : []),
    ...(args.length === 0 ? [`${name} takes nothing`] : []),
    ...args.filter((arg) => arg.doc === "").map((arg) => `${name}: ${arg.name}`),
  ]);
  expect(unsaid).toEqual([]);
});
