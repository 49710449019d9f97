import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RollbackSystem } from "./system.ts";

let system: RollbackSystem;

const looksLike = (screen: string, name: string) => expect(system.normal(screen)).toMatchFileSnapshot(`screens/${name}.txt`);
const folderIn = (parent: string): string => join(parent, readdirSync(parent).find((name) => name.startsWith("evidence-")) ?? "none");
const filesOf = async (folder: string): Promise<string[]> => (await execa("find", [folder, "-type", "f"])).stdout.split("\n");

beforeAll(async () => {
  system = await RollbackSystem.make();
});
afterAll(() => system?.close());

test("M9: the evidence of a track is its logs, events, manifests and metrics, with an index, digests that are right, and no value of a Secret", async () => {
  const into = join(system.checkout.folder, "incidents");
  const { stdout, stderr, exitCode } = await system.rollback(["evidence", "canary", "--output", into]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  await looksLike(stdout.replaceAll(system.checkout.folder, "CHECKOUT"), "evidence");
  const folder = folderIn(into);
  const index = JSON.parse(readFileSync(join(folder, "index.json"), "utf8"));
  expect(index).toMatchObject({ stack: system.stack, system: "mindmend", missing: [] });
  const what = index.files.map((file: { what: string }) => system.normal(file.what));
  expect(what.join("\n")).toMatchSnapshot();
  expect((await execa("sha256sum", ["--check", "SHA256SUMS"], { cwd: folder })).exitCode).toBe(0);
  const files = await filesOf(folder);
  const texts = Object.fromEntries(files.map((file) => [file, readFileSync(file, "utf8")]));
  const text = (part: string) => Object.entries(texts).find(([file]) => file.includes(part))?.[1];
  expect(text("canary/logs/")).toContain("Initializing AI client with provider: gemini");
  expect(text("canary/metrics/")).toContain("http_requests_total{");
  expect(text("canary/events.yaml")).toContain("reason: Scheduled");
  expect(text("manifests/deployment-mindmend-backend-canary")).toContain("kind: Deployment");
  expect(JSON.parse(text("secrets.json") ?? "")).not.toEqual({});
  expect(Object.values(texts).join("\n")).not.toContain(system.apiKey);
  expect(Object.values(texts).join("\n")).not.toContain(Buffer.from(system.apiKey).toString("base64"));
});

test("a value of a Secret that an app has logged is not in what is kept", async () => {
  const [{ image = "" } = {}] = JSON.parse((await system.pulumi("stack", "output", "release", "--json")).stdout).tracks;
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "leaked", namespace: system.namespace },
    stringData: { token: "hunter2-hunter2" },
  };
  const env = [{ name: "TOKEN", valueFrom: { secretKeyRef: { name: "leaked", key: "token" } } }];
  const container = {
    name: "mindmend-app",
    image,
    env,
    command: ["node", "-e", "console.log('token is', process.env.TOKEN); setInterval(() => {}, 1000)"],
  };
  const labels = { app: "mindmend", version: "fallback" };
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "talkative", namespace: system.namespace, labels },
    spec: { containers: [container] },
  };
  await system.kube.apply([secret, pod]);
  await system.kubectl("wait", "--for=condition=Ready", "pod/talkative", "--timeout=60s");
  const into = join(system.checkout.folder, "leaks");
  const { exitCode, stdout } = await system.rollback(["evidence", "fallback", "--output", into]);
  // There is no Deployment of that name, and the pod has no metrics.
  expect(exitCode).toBe(5);
  await looksLike(stdout.replaceAll(system.checkout.folder, "CHECKOUT"), "evidence-missing");
  const log = readFileSync(join(folderIn(into), "fallback/logs/talkative.mindmend-app.log"), "utf8");
  expect(log).toMatch(/ token is \[secret leaked\/token\]$/m);
  await system.kubectl("delete", "pod/talkative", "--grace-period=0", "--force");
});

test("what cannot be kept is told before anything is written", async () => {
  expect(await system.rollback(["evidence", "cannary"])).toMatchObject({
    exitCode: 2,
    stderr: "the plan of mindmend has no track cannary. Did you mean canary? It has stable, canary, fallback.",
  });
  expect(await system.rollback(["evidence", "fallback"])).toMatchObject({
    exitCode: 3,
    stderr: `fallback of mindmend runs in no pod of namespace ${system.namespace}. Nothing was kept.`,
  });
  writeFileSync(join(system.checkout.folder, "file"), "");
  expect(await system.rollback(["evidence", "--output", "file"])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(/^not written: ENOTDIR: /),
  });
});

test("M8: monitor says a line each time where there is no terminal, with pods, requests, failures and who answers", async () => {
  const watching = system.rollback(["monitor", "--for", "12", "--every", "3"]);
  await system.rollback(["verify"]);
  const { stdout, stderr, exitCode } = await watching;
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  const lines = stdout.split("\n");
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines) {
    expect(line).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC {2}health 200 {2}canary 1\/1 .* {2}stable 4\/4 .* {2}\d+ errors? {2}\d+ warnings?$/,
    );
  }
  expect(stdout).toMatch(/ {2}canary 1\/1 \d+\.\d\/s 0\.0 % failed {2}stable 4\/4 \d+\.\d\/s 0\.0 % failed {2}/);
  expect(stdout).toMatch(/gemini \d+\.\d %/);
});

test("a rollback keeps the evidence of what goes beside it, and the report has what happened", async () => {
  const into = join(system.checkout.folder, "kept");
  mkdirSync(into);
  const args = ["to", "traffic", "--yes", "--by", "ada", "--reason", "p95 3x", "--incident", "INC-7", "--evidence", into];
  const { stdout, stderr, exitCode } = await system.rollback(args);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  expect(stderr).toMatch(/✔ evidence: \d+ files, \d+ KiB, in \d+\.\d s\n/);
  expect(stdout).toMatch(/rollback to traffic: updated in/);
  const files = await filesOf(folderIn(into));
  expect(files.some((file) => /canary\/logs\/mindmend-backend-canary-.*\.log$/.test(file))).toBe(true);

  const report = await system.rollback(["report", "incident", "--output", "incident.md"]);
  expect(report.exitCode).toBe(0);
  await looksLike(report.stdout, "report");
  await looksLike(report.stderr, "report-missing");
  expect(readFileSync(join(system.checkout.folder, "incident.md"), "utf8")).toBe(`${report.stdout}\n`);
});

test("a rollback goes on where no evidence can be kept", async () => {
  writeFileSync(join(system.checkout.folder, "no-folder"), "");
  const { stderr, exitCode } = await system
    .rollback(["undo", "--yes"])
    .then(() => system.rollback(["to", "traffic", "--yes", "--by", "ada", "--evidence", "no-folder"]));
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  expect(stderr).toContain("No evidence was kept: not written: ENOTDIR: ");
  expect(existsSync(join(system.checkout.folder, "no-folder"))).toBe(true);
});
