import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { descendantsOf } from "../../../tools/cluster/processes.ts";
import { configMap, type Declared, deployment, waitsFor } from "./objects.ts";
import { newSimulatedCluster, type SimulatedCluster } from "./simulatedCluster.ts";
import { newStack, type TestStack } from "./stack.ts";
import { newWebhook, type Webhook, webhookConfiguration } from "./webhook.ts";

const random = (what: string) => `${what}-${randomBytes(12).toString("hex")}`;
const newSecrets = () => ({
  token: random("token"),
  key: `-----BEGIN KEY-----\n${random("first")}\n${random("second")}\n-----END KEY-----\n`,
  env: random("env"),
  annotation: random("annotation"),
  setting: random("setting"),
  label: random("not a label"),
  quoted: random('quoted "by" a webhook'),
});
const hide = (value: string) => ({ $secret: value }) as unknown as string;

describe("secrets in everything that is written", () => {
  let on: SimulatedCluster;
  let stack: TestStack;
  let webhook: Webhook;
  const [before, after] = [newSecrets(), newSecrets()];
  const printed: string[] = [];

  beforeAll(async () => {
    on = await newSimulatedCluster();
    stack = await newStack("objects", on.proxy.kubeconfig, "plugin");
    webhook = await newWebhook((name) => (name === "leaky" ? `found ${after.quoted} in it` : undefined));
    await on.create(webhookConfiguration("leaks.example.com", "checked", webhook));
  });
  afterAll(async () => {
    webhook?.close();
    stack?.close();
    await on?.close();
  });

  /** Runs it, whatever comes of it, and keeps what it printed. */
  async function run(...args: string[]): Promise<string> {
    const { all, stdout } = await stack.pulumi(...args).catch((error) => error);
    printed.push(all, stdout);
    return all;
  }
  const up = (...args: string[]) => run("up", "--yes", "--skip-preview", ...args, ...stack.config());

  function objects(secrets: ReturnType<typeof newSecrets>): Declared[] {
    const env = [{ name: "TOKEN", value: hide(secrets.env) }];
    const containers = [{ name: "main", image: "localhost/none:1", env }];
    const stringData = { token: hide(secrets.token), key: hide(secrets.key) };
    return [
      { name: "secret", object: { apiVersion: "v1", kind: "Secret", metadata: { name: "secret" }, stringData } },
      deployment("web", { containers }, { annotations: { "example.com/note": hide(secrets.annotation) } }),
      configMap("settings", { plain: "visible", setting: hide(secrets.setting) }),
      { ...configMap("outputs", { key: "known" }), options: { additionalSecretOutputs: ["data"] } },
    ];
  }

  it("go to the server, through previews, updates, refreshes and imports", async () => {
    stack.declare(objects(before));
    await run("preview", "--json", ...stack.config());
    await run("preview", "--diff", ...stack.config());
    await up();
    stack.declare(objects(after));
    await run("preview", "--json", ...stack.config());
    await up("--diff");
    await run("refresh", "--yes", "--skip-preview", "--diff", ...stack.config());
    const encoded = await on.kubectl("get", "secret", "secret", "-o", "jsonpath={.data.token}");
    expect(Buffer.from(encoded, "base64").toString()).toBe(after.token);
  });

  it("are not in what the server refuses with them quoted", async () => {
    const labelled = configMap("labelled", {}, { labels: { tier: hide(after.label) } });
    const leaky = configMap("leaky", { key: hide(after.quoted) }, { labels: { checked: "yes" } });
    stack.declare([...objects(after), labelled, leaky]);
    const all = await up("--continue-on-error");
    expect(all).toContain('metadata.labels: Invalid value: "[secret]"');
    expect(all).toContain('admission webhook "leaks.example.com" denied the request: found [secret] in it');
  });

  it("are not in what a provider leaves that is killed", async () => {
    const containers = [{ name: "main", image: "localhost/none:1", env: [{ name: "TOKEN", value: hide(after.env) }] }];
    stack.declare([...objects(after), deployment("crash", { ...waitsFor("never"), containers })]);
    on.proxy.reset();
    const running = stack.pulumi("up", "--yes", "--skip-preview", ...stack.config());
    const ended = running.catch((error) => error);
    await on.proxy.saw(/deployments\?fieldSelector=metadata.name=crash&watch=true/);
    const isProvider = ({ pid }: { pid: number }) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("kubernetes-provider/main.ts");
    process.kill(descendantsOf(running.pid as number).find(isProvider)?.pid as number, "SIGKILL");
    printed.push((await ended).all);
    expect(printed.at(-1)).toMatch(/error reading from server: .*(EOF|connection reset by peer)/);
  });

  it("are not in what kubectl apply noted on an object that is imported", async () => {
    await on.kubectl("create", "secret", "generic", "found", "--save-config", `--from-literal=token=${after.token}`);
    const object = { apiVersion: "v1", kind: "Secret", metadata: { name: "found" }, stringData: { token: hide(after.token) } };
    stack.declare([...objects(after), { name: "found", object, options: { import: "default/found" } }]);
    expect(await up()).toContain("= 1 imported");
    expect((await stack.state()).found?.outputs.metadata).toMatchObject({
      annotations: { "kubectl.kubernetes.io/last-applied-configuration": { ciphertext: expect.any(String) } },
    });
  });

  it("mark outputs as secret that the program marks", async () => {
    const { outputs } = await stack.state();
    expect(outputs?.outputs.data).toEqual({
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      ciphertext: expect.any(String),
    });
  });

  it("are in none of it, neither as they are nor in base64", async () => {
    await run("stack", "export");
    await run("stack", "history", "--json");
    await run("stack", "output", "--json");
    const files = filesBelow(stack.folder).filter((file) => !file.startsWith(join(stack.folder, "program")));
    const written = [...printed, ...files.map((file) => readFileSync(file, "utf8"))];
    const texts = [before, after]
      .flatMap((secrets) => Object.values(secrets))
      .flatMap((text) => (text.includes("\n") ? [text, ...text.split("\n").slice(1, 3)] : [text]));
    const forms = texts.flatMap((text) => [text, Buffer.from(text).toString("base64"), JSON.stringify(text).slice(1, -1)]);
    expect(files.filter((file) => file.includes(".pulumi/stacks")).length).toBeGreaterThan(0);
    expect(forms.filter((form) => written.some((text) => text.includes(form)))).toEqual([]);
    expect(written.some((text) => text.includes("visible"))).toBe(true);
  });
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}
