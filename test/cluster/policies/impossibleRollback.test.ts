/** Changes that would make a rollback impossible: each is refused with its own message, before anything changes. */

import { afterAll, beforeAll, describe, it } from "vitest";
import { images, ShopStack } from "../../engine/policies/stack.ts";
import { PolicedCluster } from "./policedCluster.ts";
import { commandsIn, type Ground, passes, refused, run } from "./refusal.ts";

let ground: Ground;
let shop: ShopStack;

beforeAll(async () => {
  const cluster = await PolicedCluster.start();
  shop = await ShopStack.make(cluster.config());
  ground = { shop, cluster };
  shop.edit(
    `levers: [{ path: "canary.weight", value: 0 }]`,
    `levers: [{ path: "canary.weight", value: 0 }, { path: "stable.image", sameAs: "previous.image" }]`,
  );
  shop.edit("  objectives:", database);
  shop.edit("  levels: {", `  levels: {\n${schema}`);
  shop.levers({
    database: { revision: "0001", image: images.a, url: "postgresql://app@db/app", passwordSecret: { name: "db", key: "password" } },
  });
  await shop.run("config set environment development");
  await shop.run("config set --path canary.weight 10");
  await shop.run(`config set --path previous.image ${images.b}`);
  await passes(ground);
});

afterAll(async () => {
  shop?.remove();
  await ground?.cluster.close();
});

describe("a pull request that makes a rollback impossible is refused", () => {
  it("where it removes the fallback's credential", async () => {
    await shop.run("config rm --path credentials.openai");
    const all = await refused(ground, "credentials.openai.apiKey: missing: every level must be able to return to the fallback provider");
    const [, command = ""] = /mend it with: pulumi (.*)/.exec(all) ?? [];
    await run(ground, [command], "key-of-openai");
    await passes(ground);
  });

  it("where it does so in a program that makes its own levers", async () => {
    shop.checkout.write("stacks/index.ts", ownProgram);
    await shop.run("config rm --path credentials.openai");
    const all = await refused(ground, "credentials.openai.apiKey: missing: every level must be able to return to the fallback provider");
    await run(ground, commandsIn(all, "fallback-credentials"), "key-of-openai");
    await passes(ground);
  });

  it("where it deletes the image before", async () => {
    await shop.run("config rm previous");
    const all = await refused(ground, `previous.image: missing: levels return to it; expected what it was, ${images.b}`);
    await run(ground, commandsIn(all, "previous-image"));
    await passes(ground);
  });

  it("where it changes the database's revision without a backup", async () => {
    await shop.run("config set --path database.revision 0002");
    const all = await refused(ground, "database.backups: missing: the database goes up to 0002");
    const [command = ""] = commandsIn(all, "database-backup");
    await run(ground, [command.replace("<claim>", "backups"), "config set --path database.revision 0001"]);
    await passes(ground);
  });

  it("where it goes to a revision that cannot be undone, below which a level goes", async () => {
    shop.edit(`"Names in one column"`, `"Names in one column", oneWay: true`);
    await shop.run("config set --path database.revision 0002");
    const all = await refused(
      ground,
      `level schema could not be carried out: it goes down to 0001, and 0002 "Names in one column" cannot be undone`,
    );
    await run(ground, commandsIn(all, "levels-possible"));
    await passes(ground);
  });

  it("where it drops stable's capacity", async () => {
    shop.edit("replicas: 2", "replicas: 1");
    const all = await refused(
      ground,
      "canary.weight: the canary takes 10 % while the plan lowers stable from 2 to 1 pods (service.replicas)",
    );
    await run(ground, commandsIn(all, "stable-capacity"));
    await passes(ground);
  });
});

/** Each of its revisions can be undone. */
const database = `  database: {
    engine: "postgresql",
    env: { url: "DATABASE_URL", passwordFile: "DATABASE_PASSWORD_FILE" },
    revisions: [{ name: "0001", title: "Orders" }, { name: "0002", title: "Names in one column" }],
    commands: { current: ["migrate", "current"], to: ["migrate", "to", "{revision}"] },
  },
  objectives:`;

/** A level that goes below the second one. */
const schema = `    schema: {
      title: "Level 2: schema",
      when: ["The schema is to blame"],
      rows: [],
      rtoSeconds: 300,
      steps: [{ levers: [{ path: "database.revision", value: "0001" }] }],
      safe: { track: "stable" },
      verification: [{ type: "http", title: "healthy", path: "/health", status: 200 }],
    },`;

/** It checks nothing of its credentials. */
const ownProgram = `import * as pulumi from "@pulumi/pulumi";
import { readLastUpdate } from "../components/lastUpdate.ts";
import { leversSchema } from "../components/levers/levers.ts";
import { rawLevers } from "../components/levers/read.ts";
import { RollbackPlan } from "../components/rollbackPlan.ts";
import plan from "./shop.ts";

const { credentials, ...raw } = rawLevers(pulumi.runtime.allConfig(), pulumi.getProject());
const levers = { ...leversSchema(plan).parse(raw), credentials } as never;
export const release = new RollbackPlan("shop", { plan, levers, last: await readLastUpdate(plan.service.name) }).record;
`;
