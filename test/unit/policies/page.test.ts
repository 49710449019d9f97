import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { guards } from "../../../components/guards/list.ts";
import { guardTable } from "../../../pages/policies/guards.ts";
import { projectRoot } from "../../../tools/paths.ts";

describe("docs/policies.md", () => {
  const page = readFileSync(join(projectRoot, "docs/policies.md"), "utf8");

  it("has the guards' own words of what each asks for", () => expect(page).toContain(guardTable(guards)));

  it("says how to mend what each finds", () => {
    const [, mending = ""] = page.split("### How to mend");
    expect(guards.filter(({ name }) => !mending.includes(`- \`${name}\`:`))).toEqual([]);
  });
});
