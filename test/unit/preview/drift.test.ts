import { describe, expect, it } from "vitest";
import type { Resource, Resources } from "../../../pages/goldens/update.ts";
import { driftReport } from "../../../preview/drift.ts";

const service = (selector: string): Resources => {
  const resource: Resource = { type: "kubernetes:core/v1:Service", name: "shop", inputs: { spec: { selector } }, waitsFor: [] };
  return new Map([["shop", resource]]);
};

describe("a report on drift", () => {
  it("says what an update would put right, and by which commands", () => {
    const report = driftReport("shop", {
      before: service("canary"),
      after: service("stable"),
      failure: "error: no changes were expected for preview but changes were proposed",
    });
    expect(report).not.toContain("The engine says");
    expect(report.split("\n").slice(0, 4)).toEqual([
      "<!-- rollback-stacks drift: shop -->",
      "## Drift: `shop` is not as its program and its levers say",
      "",
      "An update would put it right: 1 changed. On the left is what the cluster has.",
    ]);
    expect(report).toContain("1. ~ Service shop\n       ~ spec.selector: canary → stable");
    expect(report).toContain("pulumi up --refresh --policy-pack policies --stack shop");
  });

  it("has nothing to tell where nothing differs", () => {
    expect(driftReport("shop", { before: service("stable"), after: service("stable"), failure: undefined })).toBe(
      "<!-- rollback-stacks drift: shop -->\n<!-- nothing to tell -->\n`shop` is as its program and its levers say.\n",
    );
  });

  it("says why it cannot be told", () => {
    const report = driftReport("shop", { before: new Map(), after: new Map(), failure: "the cluster cannot be reached" });
    expect(report).toContain("The engine says:\n\n```text\nthe cluster cannot be reached\n```");
  });
});
