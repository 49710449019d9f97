import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { ReleaseRecord } from "../../components/releaseRecord.ts";
import { pulumiEnvironment } from "../../tools/environment.ts";
import { projectRoot } from "../../tools/paths.ts";
import { newTestCluster, type TestCluster } from "./kubernetesProvider/testCluster.ts";

const stack = `credentials-${process.pid}-drill`;
const namespace = "credentials";
const stable = "app=mindmend,rollback-stacks/track=stable";

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
const up = () => pulumi("up", "--yes", "--skip-preview");
const set = async (...args: string[]) => expect((await pulumi("config", "set", ...args)).exitCode).toBe(0);
const setKey = (value: string) => set("--secret", "--path", "credentials.openai.apiKey", value);

const record = async (): Promise<ReleaseRecord> => JSON.parse((await pulumi("stack", "output", "release", "--json")).stdout);
const kubectl = async (...args: string[]) => (await on.kubectl("-n", namespace, ...args)).split(" ").filter((word) => word !== "");
const secrets = () => kubectl("get", "secrets", "-l", "app=mindmend", "-o", "jsonpath={.items[*].metadata.name}");
/** Names of stable's pods that take their key from this Secret. */
const podsWith = async (secret: string): Promise<string[]> => {
  const keys = "{.spec.containers[0].env[?(@.name=='OPENAI_API_KEY')].valueFrom.secretKeyRef.name}";
  const lines = await on.kubectl(
    "-n",
    namespace,
    "get",
    "pods",
    "-l",
    stable,
    "-o",
    `jsonpath={range .items[*]}{.metadata.name} ${keys}{"\\n"}{end}`,
  );
  return lines.split("\n").flatMap((line) => (line.split(" ")[1] === secret ? [line.split(" ")[0] ?? ""] : []));
};
const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 60_000, interval: 300 });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "credentials-"));
  on = await newTestCluster();
  await on.kubectl("create", "namespace", namespace);
  expect((await pulumi("stack", "init", stack)).all).toContain(`Created stack '${stack}'`);
  await set("kubernetes:kubeconfig", on.cluster.kubeconfig);
  await set("kubernetes:namespace", namespace);
  await set("system", "mindmend");
  await set("aiProvider", "openai");
  await set("--path", "stable.image", on.image);
  await setKey("key-one");
});

afterAll(async () => {
  await on?.close();
  rmSync(join(projectRoot, "stacks", `Pulumi.${stack}.yaml`), { force: true });
  rmSync(folder, { recursive: true, force: true });
});

test("a rotated key makes new pods, and the Secret of before goes only once they are ready", async () => {
  expect((await up()).all).toContain("created");
  const [before = ""] = await secrets();
  const { credentials } = await record();
  expect(before).toBe(`mindmend-openai-${credentials.openai}`);

  // New pods that do not become ready: an update that is under way, and then has failed.
  await setKey("key-two");
  await set("--path", "settings.warmUpSeconds", "300");
  await set("--path", "change.level", "flag");
  const failing = up();
  const after = await vi.waitFor(
    async () => {
      const [found] = (await secrets()).filter((name) => name !== before);
      expect(found && (await podsWith(found)).length).toBe(4);
      return found ?? "";
    },
    { timeout: 60_000, interval: 300 },
  );
  expect((await secrets()).sort()).toEqual([before, after].sort());

  // The ReplicaSet of before still finds what its pods need.
  const [old = ""] = await podsWith(before);
  await kubectl("delete", "pod", old, "--wait=false");
  await eventually(async () => {
    const pods = (await podsWith(before)).filter((pod) => pod !== old);
    expect(pods).toHaveLength(4);
    await kubectl("wait", "--for=condition=Ready", "--timeout=1s", ...pods.map((pod) => `pod/${pod}`));
  });

  const failed = await failing;
  expect(failed.exitCode).not.toBe(0);
  expect(failed.all).not.toMatch(/key-one|key-two/);
  expect((await secrets()).sort()).toEqual([before, after].sort());
  expect((await record()).credentials).toEqual(credentials);

  // The same key, with pods that become ready.
  await pulumi("config", "rm", "--path", "settings.warmUpSeconds");
  await pulumi("config", "rm", "--path", "change.level");
  const { all, exitCode } = await up();
  expect({ all, exitCode }).toMatchObject({ exitCode: 0 });
  expect(await secrets()).toEqual([after]);
  expect(`mindmend-openai-${(await record()).credentials.openai}`).toBe(after);
});
