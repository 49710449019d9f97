import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { pulumiEnvironment } from "../../tools/environment.ts";
import { projectRoot } from "../../tools/paths.ts";
import { newStandIn, type StandIn } from "./gcp/standIn.ts";

const stack = `gcp-${process.pid}-drill`;
const image = `registry.example/app@sha256:${"a".repeat(64)}`;
const keys = ["sk-first-key", "sk-second-key", "gemini-key"];

let folder: string;
/** In place of Google Cloud and of a cluster: the engine and the program are real. */
let standIn: StandIn;

const pulumi = (...args: string[]) =>
  execa("pulumi", ["--non-interactive", "--color", "never", ...args], {
    cwd: projectRoot,
    env: {
      ...pulumiEnvironment({ base: { PATH: process.env.PATH, HOME: folder }, stateDir: folder }),
      PULUMI_STACK: stack,
      PULUMI_DEBUG_PROVIDERS: `gcp:${standIn.port},kubernetes:${standIn.port}`,
    },
    extendEnv: false,
    reject: false,
    all: true,
  });
const set = async (...args: string[]) => expect((await pulumi("config", "set", ...args)).exitCode).toBe(0);
const up = () => pulumi("up", "--yes", "--skip-preview");
const succeeds = async () => {
  const { exitCode, all } = await up();
  expect(exitCode, all).toBe(0);
};

/** When something was asked for; fails where it was not. */
function when(operation: RegExp): number {
  const at = standIn.operations.findIndex((each) => operation.test(each));
  expect(at, `${operation} among\n${standIn.operations.join("\n")}`).toBeGreaterThanOrEqual(0);
  return at;
}
const inOrder = (...operations: RegExp[]) => {
  const times = operations.map(when);
  expect(times, standIn.operations.join("\n")).toEqual([...times].sort((a, b) => a - b));
};
const asked = (pattern: RegExp) => standIn.operations.filter((each) => pattern.test(each));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "gcp-"));
  standIn = await newStandIn();
  expect((await pulumi("stack", "init", stack)).all).toContain(`Created stack '${stack}'`);
  await set("--secret", "--path", "credentials.openai.apiKey", "sk-first-key");
  await set("--secret", "--path", "credentials.gemini.apiKey", "gemini-key");
  await set("system", "mindmend");
  await set("aiProvider", "gemini");
  await set("--path", "stable.image", image);
  await set("--path", "stable.aiProvider", "openai");
  await set("--path", "canary.image", image);
  await set("--path", "canary.weight", "25");
  await set("--path", "gcp.project", "shop-prod-1");
  await succeeds();
});

beforeEach(() => {
  standIn.operations.length = 0;
  standIn.refuses = undefined;
});

afterAll(() => {
  standIn?.stop();
  rmSync(join(projectRoot, "stacks", `Pulumi.${stack}.yaml`), { force: true });
  rmSync(folder, { recursive: true, force: true });
});

describe("a stack with the gcp lever, on the real engine with stand-ins for Google Cloud and the cluster", () => {
  it("has no key in plain in its state", async () => {
    const state = (await pulumi("stack", "export")).stdout;
    expect(state).toContain("gcp:secretmanager/secretVersion:SecretVersion");
    expect(keys.filter((key) => state.includes(key))).toEqual([]);
  });

  it("keeps everything of Google Cloud under one component", async () => {
    const { deployment } = JSON.parse((await pulumi("stack", "export")).stdout);
    const urns: string[] = deployment.resources
      .filter((each: { type: string }) => each.type.startsWith("gcp:"))
      .map((each: { urn: string }) => each.urn);
    expect(urns.length).toBeGreaterThan(10);
    expect(urns.filter((urn) => !urn.includes("$rollback-stacks:gcp:GoogleCloud$"))).toEqual([]);
  });

  it("M2, M3: asks nothing of Google Cloud when it is rolled back, and goes on where that refuses everything", async () => {
    standIn.refuses = / gcp:/;
    await set("aiProvider", "openai");
    await set("--path", "canary.weight", "0");
    await succeeds();
    expect(asked(/^update .*:Deployment/)).toHaveLength(1);
    await set("aiProvider", "gemini");
    await set("--path", "canary.weight", "25");
    await succeeds();
    expect(asked(/ gcp:/)).toEqual([]);
  });

  it("keeps the version and the Secret of before where the pods of a rotated key do not become ready", async () => {
    standIn.refuses = /^update .*:Deployment mindmend-backend$/;
    await set("--secret", "--path", "credentials.openai.apiKey", "sk-second-key");
    const { exitCode, all } = await up();
    expect(exitCode).not.toBe(0);
    expect(keys.filter((key) => all.includes(key))).toEqual([]);
    inOrder(/^create .*:SecretVersion/, /^create kubernetes:core\/v1:Secret/);
    expect(asked(/^delete/)).toEqual([]);
  });

  it("keeps them where the new pods are ready and their verification fails", async () => {
    standIn.refuses = /^create .*:Job/;
    await set("--path", "verification.image", image);
    await set("--path", "change.level", "flag");
    expect((await up()).exitCode).not.toBe(0);
    expect(asked(/^update .*:Deployment mindmend-backend$/)).toHaveLength(1);
    expect(asked(/^delete/)).toEqual([]);
  });

  it("lets them go after everything else once that has passed", async () => {
    await succeeds();
    expect(asked(/^delete/)).toHaveLength(2);
    inOrder(/^create .*:Job/, /^delete .*:SecretVersion/);
    inOrder(/^create .*:Job/, /^delete kubernetes:core\/v1:Secret/);
  });

  it("takes the identity away only from pods that no longer run with it", async () => {
    await pulumi("config", "rm", "gcp");
    await succeeds();
    inOrder(/^update .*:Deployment mindmend-backend$/, /^delete .*:ServiceAccount mindmend$/);
    inOrder(/^update .*:Deployment mindmend-backend$/, /^delete .*:IAMMember/);
    const { deployment } = JSON.parse((await pulumi("stack", "export")).stdout);
    expect(deployment.resources.filter((each: { type: string }) => each.type.startsWith("gcp:"))).toEqual([]);
  });

  it("makes it, and Secret Manager's versions, before the pods", async () => {
    await set("--path", "gcp.project", "shop-prod-1");
    await succeeds();
    inOrder(/^create gcp:serviceaccount\/iAMMember/, /^update .*:Deployment mindmend-backend$/);
    inOrder(/^create .*:SecretVersion/, /^update .*:Deployment mindmend-backend$/);
  });

  it("B4: lets the database's Jobs reach the bucket with the backups before the first of them, and asks no more when it goes back", async () => {
    await set("--path", "database.revision", "0002");
    await set("--path", "database.image", image);
    await set("--path", "database.url", "postgresql://app@postgresql:5432/app");
    await set("--path", "database.passwordSecret.name", "stores");
    await set("--path", "database.passwordSecret.key", "password");
    await set("--path", "database.backups", "gs://shop-backups");
    await succeeds();
    inOrder(/^create gcp:storage\/bucketIAMMember/, /^create .*:Job mindmend-database-verify/);
    standIn.operations.length = 0;
    standIn.refuses = / gcp:/;
    await set("--path", "canary.weight", "0");
    await set("--path", "database.revision", "0001");
    await succeeds();
    expect(asked(/^create .*:Job mindmend-database-backup/)).toHaveLength(1);
    expect(asked(/ gcp:/)).toEqual([]);
  });
});
