import type { KubernetesObject } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { postgresql, redis, storeSecret } from "../../demo/stores/manifests.ts";
import { Kube, kubeConfig } from "../../drill/kube.ts";
import { applyStores } from "../../drill/stores.ts";
import { newTestCluster, type TestCluster } from "./kubernetesProvider/testCluster.ts";
import { shownProcesses } from "./shownProcesses.ts";

const namespace = "stores";
const passwordKey = storeSecret.keys.postgresql;
let on: TestCluster;
let kube: Kube;
let images: { postgresql: string; redis: string };

const kubectl = (...args: string[]) => on.kubectl("--namespace", namespace, ...args);
const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 90_000, interval: 300 });
const sql = (statement: string) =>
  kubectl("exec", `${postgresql.name}-0`, "--", "psql", "-h", "/tmp", "-U", postgresql.user, "-Atc", statement, postgresql.database);

/** As whoever knows the password would. */
async function redisSays(command: string): Promise<string[]> {
  const script = `const socket = require("node:net").connect(${redis.port}, "${redis.name}");
    const password = /^requirepass (.+)$/m.exec(require("node:fs").readFileSync("/etc/store/${storeSecret.keys.redisConfig}", "utf8"))[1];
    socket.write("AUTH " + password + "\\r\\n" + ${JSON.stringify(command)} + "\\r\\nQUIT\\r\\n");
    socket.pipe(process.stdout);`;
  const container = { name: "ask", image: on.image, args: ["-e", script], volumeMounts: [{ name: "secret", mountPath: "/etc/store" }] };
  const spec = { restartPolicy: "Never", volumes: [{ name: "secret", secret: { secretName: storeSecret.name } }], containers: [container] };
  await kube.apply([{ apiVersion: "v1", kind: "Pod", metadata: { name: "ask", namespace }, spec } as KubernetesObject]);
  try {
    await kubectl("wait", "pod/ask", "--for=jsonpath={.status.phase}=Succeeded", "--timeout=30s");
    return (await kubectl("logs", "ask")).split(/\s+/);
  } finally {
    await kubectl("delete", "pod", "ask", "--now");
  }
}

beforeAll(async () => {
  on = await newTestCluster();
  await on.kubectl("create", "namespace", namespace);
  kube = new Kube(kubeConfig(on.cluster), namespace);
  images = (await applyStores(kube, on.cluster)).images;
});

afterAll(() => on?.close());

test("what is written to the stores outlives their pods, killed without warning", async () => {
  await sql("CREATE TABLE kept (id int); INSERT INTO kept SELECT generate_series(1, 1000)");
  expect(await redisSays("SET kept 1000")).toEqual(["+OK", "+OK", "+OK"]);
  await kubectl("delete", "pod", `${postgresql.name}-0`, `${redis.name}-0`, "--grace-period=0", "--force");
  await eventually(async () => expect(await sql("SELECT count(*) FROM kept")).toBe("1000"));
  await kube.statefulSetReady(redis.name, 60_000);
  await eventually(async () => expect(await redisSays("GET kept")).toEqual(["+OK", "$4", "1000", "+OK"]));
});

test("B4: a Job of another pod backs the database up and proves it, with the password in a file", async () => {
  await sql("CREATE TABLE backed_up (id int); INSERT INTO backed_up SELECT generate_series(1, 500)");
  const { user, name, port, database } = postgresql;
  const env = { DATABASE_URL: `postgres://${user}@${name}:${port}/${database}`, DATABASE_PASSWORD_FILE: `/etc/store/${passwordKey}` };
  const container = {
    name: "backup",
    image: images.postgresql,
    args: ["/app/database.mjs", "backup", "/backups"],
    env: Object.entries(env).map(([variable, value]) => ({ name: variable, value })),
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
    volumeMounts: [
      { name: "tmp", mountPath: "/tmp" },
      { name: "backups", mountPath: "/backups" },
      { name: "secret", mountPath: "/etc/store", readOnly: true },
    ],
  };
  const volumes = [
    { name: "tmp", emptyDir: {} },
    { name: "backups", emptyDir: {} },
    { name: "secret", secret: { secretName: storeSecret.name, items: [{ key: passwordKey, path: passwordKey }], defaultMode: 0o440 } },
  ];
  const securityContext = { runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532, fsGroup: 65532 };
  const pod = { restartPolicy: "Never", automountServiceAccountToken: false, securityContext, volumes, containers: [container] };
  const metadata = { name: "backup", namespace };
  await kube.apply([
    { apiVersion: "batch/v1", kind: "Job", metadata, spec: { backoffLimit: 0, template: { spec: pod } } } as KubernetesObject,
  ]);
  await kubectl("wait", "job/backup", "--for=condition=complete", "--timeout=60s");
  const evidence = JSON.parse((await kubectl("logs", "job/backup")).trim().split("\n").at(-1) ?? "");
  expect(evidence.rows["public.backed_up"]).toBe(500);
  expect(evidence.file).toContain(evidence.sha256.slice(0, 12));
  expect(await sql("SELECT datname FROM pg_database WHERE datname LIKE '%scratch'")).toBe("");
});

test("the stores' passwords are in no argument list, environment, description, event or log", async () => {
  const { data } = JSON.parse(await kubectl("get", "secret", storeSecret.name, "-o", "json")) as { data: Record<string, string> };
  const values = Object.values(data).map((value) => Buffer.from(value, "base64").toString());
  const passwords = values.map((value) => /^requirepass (.+)$/m.exec(value)?.[1] ?? value);
  expect(passwords.map(({ length }) => length)).toEqual([32, 32, 32]);
  const shown = await Promise.all([
    kubectl("get", "pods,statefulsets,jobs,events", "-o", "yaml"),
    kubectl("logs", `${postgresql.name}-0`),
    kubectl("logs", `${redis.name}-0`),
    kubectl("logs", "job/backup"),
  ]);
  const everything = [shownProcesses(), ...shown].join("\n");
  expect(everything).toContain("POSTGRES_PASSWORD_FILE=/etc/store/");
  expect(passwords.filter((password) => everything.includes(password))).toEqual([]);
});
