import { describe, expect, it } from "vitest";
import { found, image, shop, shopWith, type Update, updateOf } from "../../test/unit/guards/shop.ts";
import { stableCapacity } from "./stableCapacity.ts";

const of = (replicas: number) => shopWith({ service: { ...shop.service, replicas } });
const lowered = (update: Update): string[] => found(stableCapacity, updateOf({ planBefore: of(4), plan: of(2), ...update }));

describe("stable-capacity", () => {
  it("refuses fewer pods for stable while the canary takes traffic", () =>
    expect(lowered({})).toEqual([
      "canary.weight: the canary takes 10 % while the plan lowers stable from 4 to 2 pods (service.replicas): a rollback would wait for pods | pulumi config set --path canary.weight 0",
    ]));
  it("lets stable shrink once it has its traffic back, and in the update that brings it", () => {
    expect(lowered({ verified: [{ "canary.weight": 0 }] })).toEqual([]);
    expect(lowered({ sets: { "canary.weight": 0 } })).toEqual([]);
  });
  it("refuses fewer pods for the standby while another provider answers", () =>
    expect(lowered({ verified: [{ canary: undefined, "stable.aiProvider": undefined, "fallback.image": image("a") }] })).toEqual([
      "aiProvider: stable answers with gemini while the plan lowers the fallback track from 4 to 2 pods (service.replicas): a rollback would wait for pods | pulumi config set aiProvider openai",
    ]));
  it("asks for nothing where capacity stays, grows or is not known", () => {
    expect(lowered({ plan: of(4) })).toEqual([]);
    expect(lowered({ plan: of(6) })).toEqual([]);
    expect(lowered({ verified: [] })).toEqual([]);
  });
});
