import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { Repository } from "./repository.ts";

const minutes = 60_000;
vi.setConfig({ testTimeout: 8 * minutes, hookTimeout: 8 * minutes });
const stackFile = "stacks/Pulumi.shop.yaml";
const golden = readFileSync(new URL("./canary.md", import.meta.url), "utf8");

let shop: Repository;

/** The command that a rule's entry in a comment ends with, without `pulumi`. */
const mending = (comment: string): string => /(?:^[> ]*|mend it with: )pulumi (config set .*)$/m.exec(comment)?.[1] ?? "";

/** The row of a level in a comment's table, in cells. */
const row = (comment: string, level: string): string[] =>
  (comment.split("\n").find((line) => line.startsWith("|") && line.includes(`(\`${level}\`)`)) ?? "").split(" | ");

beforeAll(async () => {
  shop = await Repository.make();
});

afterEach(() => shop.reset());
afterAll(() => shop.remove());

describe("a pull request that raises the canary's weight", () => {
  it("is refused beyond the next milestone, and once mended by the command it is told what changes, and what each level would change then", async () => {
    shop.edit(stackFile, (text) => text.replace("weight: 10", "weight: 100"));
    const refused = await shop.preview();
    expect(refused.comment).toContain("- `shop`: refused by `next-milestone`");
    expect(refused.comment).toContain("canary.weight: it is at 10 %, and the plan's next milestone is 50 %, not 100 %");
    expect(refused.exitCode).toBe(1);

    await shop.pulumi(mending(refused.comment));
    const mended = await shop.preview();
    expect(mended.comment).toBe(golden);
    expect(mended.exitCode).toBe(0);
  });
});

describe("a pull request that changes only a plan", () => {
  it("previews that plan's stack: no lever changes, and the new objective is in the level's row", async () => {
    shop.edit("stacks/shop.ts", (text) => text.replace("rtoSeconds: 30,", "rtoSeconds: 45,"));
    expect(await shop.touched()).toEqual(["shop"]);
    const { comment, exitCode } = await shop.preview();
    expect(comment).toContain(
      "Previewed because of its plan (`stacks/shop.ts`).\n\n**What it does**: resources: nothing; pods: none restarted.",
    );
    expect(row(comment, "provider")[1]).toBe("45 seconds");
    expect(exitCode).toBe(0);
  });
});

describe("a pull request that removes the previous image", () => {
  it("is told first which level becomes impossible, at which step, why, and what mends it", async () => {
    shop.edit(stackFile, (text) => text.replace(/ {2}rollback-stacks:previous:\n.*\n/, ""));
    const { comment, exitCode } = await shop.preview();
    expect(comment.split("\n").slice(1, 5)).toEqual([
      "## ❌ Not to be merged as it is: `shop`",
      "",
      expect.stringContaining("- `shop`: rolling back by `container` (Level 3: container) becomes impossible"),
      expect.anything(),
    ]);
    expect(comment).toContain("> **After this change, Level 3: container (`container`) could not be carried out, at its step 2 of 2.**");
    expect(comment).toContain("previous.image: not set, and the level sets stable.image to it");
    expect(mending(comment.slice(comment.indexOf("could not be carried out")))).toBe(
      "config set --path previous.image <name@sha256:digest>",
    );
    expect(row(comment, "container").slice(-1)).toEqual(["– |"]);
    expect(row(comment, "traffic")[3]).toBe("2 changed");
    expect(exitCode).toBe(1);
  });
});

describe("a pull request with a lever that cannot be used", () => {
  it("says so in the program's words and previews no level", async () => {
    shop.edit(stackFile, (text) => text.replace("weight: 10", "wieght: 10"));
    const { comment, exitCode } = await shop.preview();
    expect(comment).toContain("- `shop`: the change cannot be carried out");
    expect(comment).toContain(">   canary.wieght: unknown lever. Did you mean canary.weight?");
    expect(comment).not.toContain("If this goes wrong");
    expect(exitCode).toBe(1);
  });
});

describe("a pull request that touches no stack", () => {
  it("has nothing to preview, and says so only where a comment is there already", async () => {
    shop.write("README.md", "# Shop\n");
    const { comment, exitCode } = await shop.preview();
    expect(comment.split("\n")).toEqual([
      "<!-- rollback-stacks preview -->",
      "<!-- nothing to tell -->",
      "No stack's levers, plan or code changed: there is nothing to preview.",
      "",
    ]);
    expect(exitCode).toBe(0);
    expect(await shop.touched()).toEqual([]);
  });
});

describe("without access to the stack's state", () => {
  it("levers and levels are previewed, and what is not known is said", async () => {
    shop.edit(stackFile, (text) => text.replace("weight: 10", "weight: 50"));
    const { comment, exitCode } = await shop.preview("--offline");
    expect(comment).toContain(
      "Its state was not read, so what would change in the cluster, and what the policy pack says of that, is not known here.",
    );
    expect(comment).not.toContain("What it does");
    expect(row(comment, "traffic")).toEqual(row(golden, "traffic"));
    expect(exitCode).toBe(0);
  });
});

describe("a stack that was never deployed", () => {
  it("is previewed as its first update, with its levels", async () => {
    await shop.pulumi("stack rm shop --yes --force --preserve-config");
    shop.edit(stackFile, (text) => `${text}# Deployed nowhere yet.\n`);
    const { comment, exitCode } = await shop.preview();
    expect(comment).toContain("It was never deployed: this would be its first update.");
    expect(comment).toMatch(/\*\*What it does\*\*: resources: \d+ new; pods: none restarted; stable: new, canary: new\./);
    expect(row(comment, "container")[3]).toBe("1 changed, 1 gone; then 1 changed");
    expect(exitCode).toBe(0);
  });
});
