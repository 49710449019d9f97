import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ReleaseRecord } from "../../components/releaseRecord.ts";
import { standInEnvironment } from "../../demo/manifests.ts";
import { applyStandIn } from "../../drill/ground.ts";
import { Kube, kubeConfig } from "../../drill/kube.ts";
import { buildOperationsImage } from "../../operations/image.ts";
import { loadImage } from "../../tools/cluster/index.ts";
import { pulumiEnvironment } from "../../tools/environment.ts";
import { imagesDir, projectRoot } from "../../tools/paths.ts";
import { newTestCluster, type TestCluster } from "./kubernetesProvider/testCluster.ts";

const stack = `verification-${process.pid}-drill`;
const namespace = "verification";

let on: TestCluster;
let folder: string;

const pulumi = (...args: string[]) =>
  execa("pulumi", ["--non-interactive", "--color", "never", ...args], {
    cwd: projectRoot,
    env: { ...pulumiEnvironment({ base: { PATH: process.env.PATH, HOME: folder }, stateDir: folder }), PULUMI_STACK: stack },
    extendEnv: false,
    reject: false,
    all: true,
  });
const up = async () => {
  const { all, exitCode } = await pulumi("up", "--yes", "--skip-preview");
  return { all, exitCode };
};
const set = async (...args: string[]) => expect((await pulumi("config", "set", ...args)).exitCode).toBe(0);

const record = async (): Promise<ReleaseRecord> => JSON.parse((await pulumi("stack", "output", "release", "--json")).stdout);
const kubectl = (...args: string[]) => on.kubectl("-n", namespace, ...args);
/** The uid of each verification Job that is there. */
const jobs = async () => (await kubectl("get", "jobs", "-o", "jsonpath={.items[*].metadata.uid}")).split(" ");

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "verification-"));
  on = await newTestCluster();
  const operations = await buildOperationsImage(imagesDir);
  await loadImage(on.cluster, operations.archive);
  await on.kubectl("create", "namespace", namespace);
  await applyStandIn(new Kube(kubeConfig(on.cluster), namespace), on.image);
  expect((await pulumi("stack", "init", stack)).all).toContain(`Created stack '${stack}'`);
  await set("kubernetes:kubeconfig", on.cluster.kubeconfig);
  await set("kubernetes:namespace", namespace);
  await set("system", "mindmend");
  await set("aiProvider", "openai");
  await set("--path", "stable.image", on.image);
  await set("--path", "settings.openaiBaseUrl", standInEnvironment.OPENAI_BASE_URL);
  await set("--secret", "--path", "credentials.openai.apiKey", "key-one");
  await set("--path", "verification.image", operations.reference);
});

afterAll(async () => {
  await on?.close();
  rmSync(join(projectRoot, "stacks", `Pulumi.${stack}.yaml`), { force: true });
  rmSync(folder, { recursive: true, force: true });
});

test("M7: an update that fails a probe is a failed update, its release never the last good one, and the lever put back is verified anew", async () => {
  expect(await up()).toMatchObject({ exitCode: 0 });
  const [first] = await jobs();
  const good = await record();
  expect((await kubectl("logs", "-l", "app=mindmend-verification", "--tail=-1")).split("\n")).toEqual([
    "✔ health answers 200: expected HTTP 200; found HTTP 200",
    expect.stringMatching(/^✔ a therapy session is answered: /),
    "✔ 4 pods of stable: expected 4 ready; found 4 ready of 4",
    "✔ 100 sessions at once: below 1 % fail: expected fewer than 1 % of 100 requests fail; found none failed",
    expect.stringMatching(/^✔ sessions are answered in time: expected p95 of 100 requests below 5 s; found p95 /),
  ]);

  // Nothing changed: nothing is verified.
  expect(await up()).toMatchObject({ exitCode: 0 });
  expect(await jobs()).toEqual([first]);

  // Pods that are ready and do not work.
  await set("--path", "settings.openaiBaseUrl", "http://nowhere/v1");
  const failed = await up();
  expect(failed.exitCode).not.toBe(0);
  expect(failed.all).toMatch(/✘ a therapy session is answered: expected HTTP 200, .* found HTTP 50\d/);
  expect(failed.all).toMatch(/✘ 100 sessions at once: below 1 % fail: expected .* found 100 of 100 failed: 100 × HTTP 50\d/);
  expect(await record()).toEqual(good);
  const [second] = await jobs();
  expect(second).not.toBe(first);

  // Trying again looks again.
  expect((await up()).all).toContain("✘ a therapy session is answered");
  expect(await jobs()).not.toEqual([second]);
  expect(await record()).toEqual(good);

  await set("--path", "settings.openaiBaseUrl", standInEnvironment.OPENAI_BASE_URL);
  expect(await up()).toMatchObject({ exitCode: 0 });
  expect(await record()).toEqual(good);
  const [third, ...others] = await jobs();
  expect(others).toEqual([]);
  expect([first, second]).not.toContain(third);
});

test("an image that cannot be pulled fails the update, which names it and why; everything else is done by then", async () => {
  const digest = `sha256:${"f".repeat(64)}`;
  await set("--path", "verification.image", `127.0.0.1:1/operations@${digest}`);
  await set("--path", "settings.aiTimeoutMs", "5000");
  const good = await record();
  const failed = await up();
  expect(failed.exitCode).not.toBe(0);
  expect(failed.all).toMatch(new RegExp(`Pull.*127\\.0\\.0\\.1:1/operations@${digest}.*connection refused`));
  expect(await record()).toEqual(good);
  expect(await kubectl("get", "deployment", "mindmend-backend", "-o", "jsonpath={.status.readyReplicas}")).toBe("4");
});
