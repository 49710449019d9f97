import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { refusals, told } from "./output.ts";
import { images, ShopStack } from "./stack.ts";

/** Without the pack: what a test starts from. */
const update = (stack: ShopStack) => stack.run("up --yes --skip-preview");
const weight = (to: number) => shop.levers({ canary: { image: images.a, weight: to } });

/** What the next milestone is said to be for everybody at once, and after what. */
async function nextMilestone(stack = "shop"): Promise<string | undefined> {
  const { all } = await shop.checkout.pulumi(["--stack", stack, "preview", "--policy-pack", "policies"]);
  return refusals(all)["next-milestone"]?.[0]?.split("\n")[0];
}

const at = (now: number, next: number) => `canary.weight: it is at ${now} %, and the plan's next milestone is ${next} %, not 100 %`;
const nothingKnown =
  "canary.weight: nothing verified is known of before, which counts as 0 %, and the plan's next milestone is 10 %, not 100 %";

let shop: ShopStack;
/** Of the stack with a tenth on the canary. */
let checkpoint: string;

beforeAll(async () => {
  shop = await ShopStack.make();
});

afterAll(() => shop.remove());

describe("what the guards know of the past", () => {
  it("is nothing on a first update, which is said", async () => {
    weight(100);
    expect(await nextMilestone()).toBe(nothingKnown);
  });

  it("is what the last verified update left", async () => {
    weight(10);
    expect((await update(shop)).exitCode).toBe(0);
    checkpoint = (await shop.run("stack export")).stdout;
    weight(100);
    expect(await nextMilestone()).toBe(at(10, 50));
  });

  it("is not what an update wanted that failed", async () => {
    weight(50);
    const cluster = join(shop.checkout.folder, "cluster");
    rmSync(cluster, { recursive: true });
    writeFileSync(cluster, "");
    expect((await update(shop)).exitCode).not.toBe(0);
    rmSync(cluster);
    weight(100);
    expect(await nextMilestone()).toBe(at(10, 50));
  });

  it("is the same after pulumi refresh", async () => {
    expect((await shop.run("refresh --yes")).exitCode).toBe(0);
    expect(await nextMilestone()).toBe(at(10, 50));
  });

  it("is the same under another name, after pulumi stack rename", async () => {
    expect((await shop.run("stack rename outlet")).exitCode).toBe(0);
    expect(await nextMilestone("outlet")).toBe(at(10, 50));
    await shop.checkout.pulumi(["--stack", "outlet", "stack", "rename", "shop"]);
  });

  it("is what an older checkpoint says, once pulumi stack import has brought it back", async () => {
    weight(50);
    expect((await update(shop)).exitCode).toBe(0);
    weight(100);
    expect(await nextMilestone()).toBeUndefined();
    await shop.import(checkpoint);
    expect(await nextMilestone()).toBe(at(10, 50));
  });
});

describe("the record of another version of the project", () => {
  const warning =
    "warning: release: the last update was made by an earlier version of rollback-stacks, which did not record the levers nor since when: " +
    "what cannot be told to have been there before counts as new. The next verified update records it.";

  it("that is older is said to be, and nothing is read into it", async () => {
    await shop.import(checkpoint);
    await shop.editState(({ resources }) => {
      const release = Object(resources[0]?.outputs.release);
      for (const field of ["version", "levers", "exposure", "images", "capacity"]) delete release[field];
    });
    weight(100);
    expect(await nextMilestone()).toBe(nothingKnown);
    expect(told((await shop.preview()).all)).toContain(warning);
  });

  it("that is older holds back no rollback, and is a full one after the next verified update", async () => {
    weight(0);
    const { all, exitCode } = await shop.up("--skip-preview");
    expect([exitCode, refusals(all)]).toEqual([0, {}]);
    expect(told(all)).toContain(warning);
    weight(100);
    expect(await nextMilestone()).toBe("canary.weight: it is at 0 %, and the plan's next milestone is 10 %, not 100 %");
  });

  it("that is newer is refused, with how to get the version that reads it", async () => {
    await shop.editState(({ resources }) => Object.assign(resources[0]?.outputs.release ?? {}, { version: 2 }));
    expect(told((await shop.preview()).all)).toEqual([
      "error: release: the stack's last update was made by a newer version of rollback-stacks, which left a record of version 2; this one reads versions up to 1. Nothing was changed.",
      "mend it with: git pull && npm ci",
    ]);
  });

  it("that is none of this project's is refused, with how to see whose it is", async () => {
    await shop.editState(({ resources }) => Object.assign(resources[0]?.outputs ?? {}, { release: "v1.2.3" }));
    expect(told((await shop.preview()).all)).toEqual([
      "error: release: the stack's output is no release record of rollback-stacks, so which way traffic moves is not known. Nothing was changed.",
      "mend it with: pulumi stack output release, to see whose it is",
    ]);
  });
});

describe("the pack", () => {
  it("leaves it to the program to say that there is no plan", async () => {
    shop.levers({ system: "shopp" });
    expect(told((await shop.preview()).all)).toEqual([
      'error: system: "shopp" has no plan under stacks/; expected one of chat, easymo, mindmend, shop, wabot, watibot. Nothing was changed.',
      "mend it with: pulumi config set system <system>",
    ]);
  });

  it("leaves it to Pulumi to say that a stack has no config", async () => {
    shop.checkout.write("stacks/Pulumi.shop.yaml", "config: {}\n");
    const { all, exitCode } = await shop.preview();
    expect(exitCode).not.toBe(0);
    expect(all).toBe("error: validating stack config: Stack 'shop' is missing configuration values 'aiProvider', 'stable' and 'system'");
  });
});
