/** Each guard on the real engine: an update that it stops before anything changes, and the same update once mended by its own command. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { refusals } from "../../engine/policies/output.ts";
import { images, ShopStack } from "../../engine/policies/stack.ts";
import { PolicedCluster } from "./policedCluster.ts";
import { commandsIn, type Ground, passes, refused, run } from "./refusal.ts";

let ground: Ground;
let shop: ShopStack;

beforeAll(async () => {
  const cluster = await PolicedCluster.start();
  shop = await ShopStack.make(cluster.config());
  ground = { shop, cluster };
  await shop.run("config set environment development");
  await shop.run("config set --path canary.weight 10");
  await passes(ground);
});

afterAll(async () => {
  shop?.remove();
  await ground?.cluster.close();
});

const hour = 3_600_000;

describe("a rollout is refused, and passes once mended by the command that the message names", () => {
  it("before the hold is over", async () => {
    await shop.run("config set --path canary.weight 50");
    const all = await refused(ground, "canary.weight: at 10 % since ", ', and the plan holds "A tenth" for 24 h: until ', " from now");
    expect(commandsIn(all, "hold-time")).toEqual(["config set --path canary.weight 10"]);
    await run(ground, commandsIn(all, "hold-time"));
    await passes(ground);
  });

  it("beyond the next milestone", async () => {
    await shop.run("config set --path canary.weight 75");
    const all = await refused(ground, "canary.weight: it is at 10 %, and the plan's next milestone is 50 %, not 75 %");
    await run(ground, [...commandsIn(all, "next-milestone"), ...commandsIn(all, "hold-time")]);
    await passes(ground);
  });

  it("of a release whose image before is not named", async () => {
    shop.edit("  levels: {", `  levels: {\n${level("code", `{ path: "stable.image", sameAs: "previous.image" }`)}`);
    await shop.run(`config set --path stable.image ${images.b}`);
    const all = await refused(ground, `previous.image: missing: stable moves on; expected the image that it leaves, ${images.a}`);
    await run(ground, commandsIn(all, "previous-image"));
    await passes(ground);
  });

  it("with a flag that is new and on", async () => {
    shop.edit(
      "  objectives: {",
      `  flags: { known: { tips: { description: "Tips", env: { enabled: "TIPS", only: {}, except: {} } } } },\n  objectives: {`,
    );
    await shop.run("config set --path flags.tips true");
    const all = await refused(ground, "flags.tips: is a new flag and on for some; expected off");
    await run(ground, commandsIn(all, "new-flags-off"));
    await passes(ground);
  });

  it("with a level that could not be carried out", async () => {
    shop.edit(
      "  levels: {",
      `  maintenance: { title: "Back soon", text: "We are at work." },\n  levels: {\n${level("stop", '{ path: "maintenance", value: true }')}`,
    );
    const all = await refused(
      ground,
      "verification.image: level stop could not be carried out: missing: the page is served by the operations image",
    );
    await run(
      ground,
      commandsIn(all, "levels-possible").map((command) => command.replace("<name@sha256:digest>", images.a)),
    );
    await passes(ground);
  });

  it("on production, without alerts", async () => {
    shop.edit(
      "  contacts: {",
      `  triggers: { errors: { title: "Errors", signal: { type: "errorRate", above: 0.05 }, severity: "critical" } },\n  contacts: {`,
    );
    const release = { environment: "production", "previous.image": images.b, "stable.image": imageOf("c") };
    await set({ ...release, ...exemptions("approvals", "change-record", "level-drilled") });
    const all = await refused(
      ground,
      "alerts.enabled: 1 trigger of the plan can be measured",
      "alerts.runbooks: missing; expected the address",
    );
    await run(
      ground,
      commandsIn(all, "trigger-alerts").map((command) => command.replace(/<.*>/, "https://wiki.example/runbooks")),
    );
    await passes(ground);
  });

  it("on production, in a freeze, with nobody's agreement, nothing said of it, no drill and an exemption that is over", async () => {
    await set({ "previous.image": imageOf("c"), "stable.image": imageOf("d") });
    const yesterday = new Date(Date.now() - 24 * hour).toISOString();
    const tomorrow = new Date(Date.now() + 24 * hour).toISOString();
    const over = { policy: "image-by-digest", reason: "It was a test", approvedBy: "lead:ada", expiresAt: yesterday };
    shop.levers({ exemptions: [over], freezes: [{ from: yesterday, until: tomorrow, reason: "The holidays" }] });
    const all = await refused(ground);
    expect(Object.keys(refusals(all)).sort()).toEqual(["approvals", "change-freeze", "change-record", "exemptions", "level-drilled"]);
    expect(commandsIn(all, "level-drilled")).toEqual(["npm run drill -- shop traffic --record"]);
    // Stands in for the drill: the record that it leaves.
    shop.drilled();
    const commands = ["change-record", "change-freeze", "exemptions"].flatMap((rule) => commandsIn(all, rule));
    await run(ground, commands.map(chosen));
    const others = await refused(ground, "change.approvedBy: a change of severity high needs the approval of lead, which is missing");
    expect(Object.keys(refusals(others))).toEqual(["approvals"]);
    await run(ground, commandsIn(others, "approvals").map(chosen));
    await passes(ground);
  });
});

const imageOf = (digit: string): string => images.a.replace(/a{64}/, digit.repeat(64));

/** What a person puts where a command leaves the choice. */
const chosen = (command: string): string =>
  command
    .replace("<low, medium, high or critical>", "high")
    .replace("<why>", "faster")
    .replace("requestedBy <person>", "requestedBy ada")
    .replace("lead:<person>", "lead:bo")
    .replace("owner:<person>", "owner:cy");

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
