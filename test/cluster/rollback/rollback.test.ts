import { delimiter } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import type { ReleaseRecord } from "../../../components/releaseRecord.ts";
import { binDir } from "../../../tools/paths.ts";
import { RollbackSystem } from "./system.ts";

let system: RollbackSystem;

/** Screens are kept beside this file, for a person to look at. */
const looksLike = (screen: string, name: string) => expect(system.normal(screen)).toMatchFileSnapshot(`screens/${name}.txt`);
const levers = () => parse(system.file()).config;
const record = async (): Promise<ReleaseRecord> => JSON.parse((await system.pulumi("stack", "output", "release", "--json")).stdout);

beforeAll(async () => {
  system = await RollbackSystem.make();
});
afterAll(() => system?.close());

test("status says where the system stands, and holds no secret", async () => {
  const { stdout, stderr, exitCode } = await system.rollback(["status"]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  await looksLike(stdout, "status");
  const json = await system.rollback(["status", "--json"]);
  expect(JSON.parse(json.stdout)).toMatchObject({ system: "mindmend", drift: [], troubles: [], pending: [], holder: null, unknown: [] });
  expect(json.stdout + stdout).not.toContain("a-key");
});

test("check says of every level whether it can be taken, and what it touches", async () => {
  const { stdout, exitCode } = await system.rollback(["check"]);
  expect(exitCode).toBe(0);
  await looksLike(stdout, "check");
});

test("a level is carried out, recorded, verified from inside and outside, and undone", async () => {
  const before = system.file();
  const flag = await system.rollback(["to", "flag", "--yes", "--by", "ada", "--reason", "p95 3x", "--incident", "INC-7"]);
  expect({ exitCode: flag.exitCode, stderr: flag.stderr }).toMatchObject({ exitCode: 0 });
  await looksLike(flag.stdout, "to-flag");
  expect(levers()).toMatchObject({
    "rollback-stacks:aiProvider": "openai",
    "rollback-stacks:change": { level: "flag", reason: "p95 3x", incident: "INC-7", requestedBy: "ada" },
  });
  expect((await record()).tracks.map(({ provider }) => provider)).toEqual(["openai", "openai"]);

  const undone = await system.rollback(["undo", "--yes", "--by", "bob"]);
  expect({ exitCode: undone.exitCode, stderr: undone.stderr }).toMatchObject({ exitCode: 0 });
  await looksLike(undone.stdout, "undo");
  const { "rollback-stacks:change": _, ...now } = levers();
  expect(now).toEqual(parse(before).config);
  await looksLike((await system.rollback(["history"])).stdout, "history");
});

test("last-good brings everything back after bad settings, image, provider and weight, an update killed half-way, and changes by hand", async () => {
  const good = await record();
  await system.pulumi("config", "set", "--path", "settings.openaiBaseUrl", "http://nowhere/v1");
  await expect(system.pulumi("up", "--yes", "--skip-preview")).rejects.toThrow("a therapy session is answered");
  await system.pulumi("config", "set", "--path", "canary.weight", "50");
  await system.pulumi("config", "set", "--path", "stable.image", `127.0.0.1:1/app@sha256:${"f".repeat(64)}`);
  await system.pulumi("config", "rm", "--path", "stable.aiProvider");
  const update = system.pulumi("up", "--yes", "--skip-preview").catch((error) => error);
  const pid = await system.holder();
  // Half-way: the canary has been told of its new weight, and stable waits for an image that nobody has.
  const canary = async () => (await system.kubectl("get", "deployment/mindmend-backend-canary", "-o", "jsonpath={.spec.replicas}")).stdout;
  while ((await canary()) === "1") await sleep(100);
  process.kill(pid, "SIGKILL");
  await update;
  await system.kubectl("scale", "deployment/mindmend-backend-canary", "--replicas=2");
  const status = JSON.parse((await system.rollback(["status", "--json"])).stdout);
  expect(status).toMatchObject({ holder: { gone: true }, lastUpdate: { result: "failed" } });
  expect(status.drift).toContainEqual(
    expect.objectContaining({ what: "deployment/mindmend-backend-canary", where: "spec.replicas", found: "2" }),
  );
  const differing = status.levers.filter(({ differs }: { differs: boolean }) => differs).map(({ path }: { path: string }) => path);
  expect(differing).toEqual(["canary.weight", "settings.openaiBaseUrl", "stable.aiProvider", "stable.image"]);

  const back = await system.rollback(["last-good", "--yes", "--by", "ada", "--incident", "INC-8"]);
  expect({ exitCode: back.exitCode, stderr: back.stderr }).toMatchObject({ exitCode: 0 });
  await looksLike(back.stdout, "last-good");
  const now = await record();
  const { exposure: _, ...digests } = now;
  const { exposure: __, ...wanted } = good;
  expect(digests).toEqual(wanted);
  expect(JSON.parse((await system.rollback(["status", "--json"])).stdout)).toMatchObject({ drift: [], holder: null, pending: [] });
});

test("the second of two operators is told who is at it and what they are doing and nothing is lost", async () => {
  const first = system.rollback(["to", "traffic", "--yes", "--by", "ada", "--reason", "p95 3x"]);
  const pid = await system.holder();
  process.kill(pid, "SIGSTOP");
  const same = await system.rollback(["to", "flag", "--yes", "--by", "bob"]);
  const status = await system.rollback(["status"]);
  process.kill(pid, "SIGCONT");
  expect(same.exitCode).toBe(4);
  await looksLike(same.stderr, "busy");
  expect(status.stdout).toMatch(/\(process \d+\) is changing it since .*: rollback to traffic by ada: p95 3x/);
  expect((await first).exitCode).toBe(0);
  expect(levers()).toMatchObject({ "rollback-stacks:aiProvider": "gemini", "rollback-stacks:canary": { weight: 0 } });
});

test("M12: pods stuck in Terminating, image pull failures, an exhausted connection pool and settings that are not the current ones are recognised, each with what mends it", async () => {
  const [{ image = "" } = {}] = (await record()).tracks;
  const pod = (name: string, spec: object, metadata: object = {}) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: system.namespace, labels: { app: "mindmend" }, ...metadata },
    spec: { terminationGracePeriodSeconds: 1, ...spec },
  });
  const running = (script: string, more: object = {}) => ({ name: "mindmend-app", image, command: ["node", "-e", script], ...more });
  const idle = "setInterval(() => {}, 1000)";
  await system.kube.apply([
    pod("unpullable", { containers: [{ name: "mindmend-app", image: "127.0.0.1:1/app:none" }] }),
    pod("held", { containers: [running(idle)] }, { finalizers: ["example.com/hold"] }),
    pod("crowded", { containers: [running(`console.log("FATAL: sorry, too many clients already"); ${idle}`)] }),
    pod("outdated", {
      containers: [running(idle, { envFrom: [{ configMapRef: { name: "mindmend-settings-0000000000", optional: true } }] })],
    }),
  ]);
  await system.kubectl("delete", "pod", "held", "--wait=false");
  const troubles = async (): Promise<{ name: string; mend: string }[]> =>
    JSON.parse((await system.rollback(["status", "--json"])).stdout).troubles;
  let found = await troubles();
  for (const until = Date.now() + 60_000; found.length < 4 && Date.now() < until; found = await troubles()) await sleep(1000);
  expect(found.map(({ name }) => name)).toEqual([
    "images that cannot be pulled",
    "pods stuck in Terminating",
    "the database's connection pool is exhausted",
    "pods that have other settings than the last verified release",
  ]);
  const [, stuck] = found;
  await execa("sh", ["-c", stuck?.mend ?? ""], { env: { PATH: `${binDir}${delimiter}${process.env.PATH}` } });
  expect((await troubles()).map(({ name }) => name)).not.toContain("pods stuck in Terminating");
});
