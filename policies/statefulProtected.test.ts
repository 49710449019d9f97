import { describe, expect, it } from "vitest";
import { ask, deployment, mended } from "../test/unit/policies/ask.ts";
import { statefulProtected } from "./statefulProtected.ts";

const claim = "kubernetes:core/v1:PersistentVolumeClaim";

describe("stateful-protected", () => {
  it("passes what is protected, and what holds no data", async () => {
    expect(await ask(statefulProtected, { type: claim, inputs: {}, opts: { protect: true } })).toEqual({ violations: [] });
    expect(await ask(statefulProtected, deployment())).toEqual({ violations: [] });
  });

  it.each([
    claim,
    "kubernetes:core/v1:PersistentVolume",
    "kubernetes:apps/v1:StatefulSet",
    "gcp:sql/databaseInstance:DatabaseInstance",
    "gcp:storage/bucket:Bucket",
  ])("refuses a %s that an update may delete or replace", async (type) => {
    const open = { type, inputs: {}, opts: { protect: false, deleteBeforeReplace: true } };
    const { violations } = await ask(statefulProtected, open);
    expect(violations).toEqual([
      "opts.protect: is false; expected true\n    mend it with: in the program, opts.protect = true",
      "opts.deleteBeforeReplace: is true; expected none: the data goes before there is another\n    mend it with: in the program, delete opts.deleteBeforeReplace",
    ]);
    expect(await ask(statefulProtected, mended(open, violations))).toEqual({ violations: [] });
  });

  it("needs nothing that a preview may not know", async () => {
    const { unknown } = await import("../test/unit/policies/ask.ts");
    const answer = await ask(statefulProtected, { type: claim, inputs: { spec: unknown }, opts: { protect: false } });
    expect(answer.violations).toHaveLength(1);
    expect(answer.unknown).toBeUndefined();
  });
});
