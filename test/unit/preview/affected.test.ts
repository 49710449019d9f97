import { describe, expect, it } from "vitest";
import { affectedStacks } from "../../../preview/affected.ts";

const stacks = [
  { stack: "shop", system: "shop" },
  { stack: "shop-eu", system: "shop" },
  { stack: "chat", system: "chat" },
];

const touched = (...files: string[]) => Object.fromEntries(affectedStacks(files, stacks).map(({ stack, why }) => [stack, why]));

describe("the stacks that a change touches", () => {
  it("are one for a stack's file", () => {
    expect(touched("stacks/Pulumi.shop.yaml")).toEqual({ shop: { "its levers": ["stacks/Pulumi.shop.yaml"] } });
  });

  it("are all of a system for its plan, or for a part of it", () => {
    expect(touched("stacks/shop.ts")).toEqual({
      shop: { "its plan": ["stacks/shop.ts"] },
      "shop-eu": { "its plan": ["stacks/shop.ts"] },
    });
    expect(Object.keys(touched("stacks/shop/levels.ts"))).toEqual(["shop", "shop-eu"]);
  });

  it("are all of a system for the record of its drills", () => {
    expect(touched("stacks/drills/chat.json")).toEqual({ chat: { "its drills": ["stacks/drills/chat.json"] } });
  });

  it.each([
    ["components/track.ts", "the components"],
    ["policies/imageByDigest.ts", "the policies"],
    ["stacks/index.ts", "the program"],
    ["Pulumi.yaml", "the program"],
    ["package-lock.json", "its packages"],
  ])("are all there are for %s", (file, kind) => {
    expect(touched(file)).toEqual({ shop: { [kind]: [file] }, "shop-eu": { [kind]: [file] }, chat: { [kind]: [file] } });
  });

  it.each(["README.md", "docs/levers.md", "components/motion.test.ts", "drill/main.ts", "stacks/Pulumi.shop-drill.yaml"])(
    "are none for %s",
    (file) => {
      expect(touched(file)).toEqual({});
    },
  );
});
