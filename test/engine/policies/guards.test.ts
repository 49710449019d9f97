/** Each guard on the real engine: an update that it stops before anything changes, and the same update once mended by its own command. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commandsIn, passes, refused, run } from "./refusal.ts";
import { images, ShopStack } from "./stack.ts";

let shop: ShopStack;

beforeAll(async () => {
  shop = await ShopStack.make();
  await shop.run("config set environment development");
  await shop.run("config set --path canary.weight 10");
  await passes(shop);
});

afterAll(() => shop.remove());

describe("a rollout is refused, and passes once mended by the command that the message names", () => {
  it("before the hold is over", async () => {
    await shop.run("config set --path canary.weight 50");
    const all = await refused(shop, "canary.weight: at 10 % since ", ', and the plan holds "A tenth" for 24 h: until ', " from now");
    expect(commandsIn(all, "hold-time")).toEqual(["config set --path canary.weight 10"]);
    await run(shop, commandsIn(all, "hold-time"));
    await passes(shop);
  });

  it("beyond the next milestone", async () => {
    await shop.run("config set --path canary.weight 75");
    const all = await refused(shop, "canary.weight: it is at 10 %, and the plan's next milestone is 50 %, not 75 %");
    await run(shop, [...commandsIn(all, "next-milestone"), ...commandsIn(all, "hold-time")]);
    await passes(shop);
  });

  it("of a release whose image before is not named", async () => {
    shop.edit("  levels: {", `  levels: {\n${level("code", `{ path: "stable.image", sameAs: "previous.image" }`)}`);
    await shop.run(`config set --path stable.image ${images.b}`);
    const all = await refused(shop, `previous.image: missing: stable moves on; expected the image that it leaves, ${images.a}`);
    await run(shop, commandsIn(all, "previous-image"));
    await passes(shop);
  });

  it("with a flag that is new and on", async () => {
    shop.edit(
      "  objectives: {",
      `  flags: { known: { tips: { description: "Tips", env: { enabled: "TIPS", only: {}, except: {} } } } },\n  objectives: {`,
    );
    await shop.run("config set --path flags.tips true");
    const all = await refused(shop, "flags.tips: is a new flag and on for some; expected off");
    await run(shop, commandsIn(all, "new-flags-off"));
    await passes(shop);
  });

  it("with a level that could not be carried out", async () => {
    shop.edit(
      "  levels: {",
      `  maintenance: { title: "Back soon", text: "We are at work." },\n  levels: {\n${level("stop", '{ path: "maintenance", value: true }')}`,
    );
    const all = await refused(
      shop,
      "verification.image: level stop could not be carried out: missing: the page is served by the operations image",
    );
    await run(
      shop,
      commandsIn(all, "levels-possible").map((command) => command.replace("<name@sha256:digest>", images.a)),
    );
    await passes(shop);
  });

  it("on production, without alerts", async () => {
    shop.edit(
      "  contacts: {",
      `  triggers: { errors: { title: "Errors", signal: { type: "errorRate", above: 0.05 }, severity: "critical" } },\n  contacts: {`,
    );
    const release = { environment: "production", "previous.image": images.b, "stable.image": images.b.replace(/b{64}/, "c".repeat(64)) };
    await set({ ...release, ...exemptions("approvals", "change-record", "level-drilled") });
    const all = await refused(
      shop,
      "alerts.enabled: 1 trigger of the plan can be measured",
      "alerts.runbooks: missing; expected the address",
    );
    await run(
      shop,
      commandsIn(all, "trigger-alerts").map((command) => command.replace(/<.*>/, "https://wiki.example/runbooks")),
    );
    await passes(shop);
  });
});

/** All at once. */
async function set(levers: Record<string, string>): Promise<void> {
  const values = Object.entries(levers).flatMap(([path, value]) => ["--plaintext", `${path}=${value}`]);
  const { exitCode, all } = await shop.run("config set-all --path", ...values);
  expect(exitCode, all).toBe(0);
}

/** From rules that these tests are not about. */
function exemptions(...policies: string[]): Record<string, string> {
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const entries = policies.flatMap((policy, index) => {
    const exemption = { policy, reason: "not what this test is about", approvedBy: "ada", expiresAt };
    return Object.entries(exemption).map(([key, value]) => [`exemptions[${index}].${key}`, value]);
  });
  return Object.fromEntries(entries);
}

const level = (name: string, lever: string): string => `    ${name}: {
      title: "${name}",
      when: ["It fails"],
      rows: [],
      rtoSeconds: 120,
      steps: [{ levers: [${lever}] }],
      safe: {},
      verification: [{ type: "http", title: "healthy", path: "/health", status: 200 }],
    },`;
