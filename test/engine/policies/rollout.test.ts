import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mending, ShopStack } from "./stack.ts";

let shop: ShopStack;

beforeAll(async () => {
  shop = await ShopStack.make();
});

afterAll(() => shop.remove());

describe("a first update beyond the first milestone", () => {
  it("is refused before anything is made, and passes once mended by the command that the message names", async () => {
    await shop.run("config set --path canary.weight 50");
    const { all, exitCode } = await shop.up("--skip-preview");
    expect(exitCode).not.toBe(0);
    expect(all).toContain(
      "canary.weight: nothing verified is known of before, which counts as 0 %, and the plan's next milestone is 10 %, not 50 %",
    );
    expect(await shop.made()).toEqual([]);
    await shop.run(mending(all, "next-milestone"));
    expect((await shop.up("--skip-preview")).exitCode).toBe(0);
  });
});
