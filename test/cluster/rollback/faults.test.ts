/** What an operator is told when a rollback cannot be carried out, and that doing so mends it: on the real node, through a proxy that can be told to go away. */

import { on } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { everyFault, howEvery } from "../everyFault.ts";
import { type Fault, type FaultProxy, newFaultProxy } from "../kubernetesProvider/faultProxy.ts";
import { RollbackSystem } from "./system.ts";

let system: RollbackSystem;
let proxy: FaultProxy;

/** What was said in the end, without the progress before it; what is done at the same time ends in any order. */
const ending = (stderr: string) =>
  system
    .normal(stderr.slice(stderr.search(/^rollback /m)))
    .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:0")
    .replace(/(?<=^Done: ).*(?=\.$)/m, (done) => done.split(", ").sort().join(", "));
const endsLike = (stderr: string, name: string) => expect(ending(stderr)).toMatchFileSnapshot(`screens/${name}.txt`);
const levers = () => parse(system.file()).config;
const status = async () => JSON.parse((await system.rollback(["status", "--json"])).stdout);
/** What `status` says first, up to the tracks. */
const standing = async () => {
  const [, ...lines] = system.normal((await system.rollback(["status"])).stdout).split("\n");
  return lines.slice(0, lines.indexOf(""));
};
/** Whatever runs is in part of this change, and the levers are. */
const unsettled = [
  "  What runs may be in part as it aimed for: pulumi up --refresh brings it to the levers below, rollback last-good goes back.",
  "Last verified: 0000-00-00 00:00:00 UTC, 00 s ago.",
  "Levers not as last verified: 1. pulumi up carries them out, rollback last-good takes them back.",
];
/** The command that a message tells to type, its only one that begins so. */
const toldIn = (message: string, begin: string): string[] => {
  const [line = ""] = message.split("\n").filter((each) => each.startsWith(`  rollback ${begin}`));
  return line.trim().split(/ {2,}/)[0]?.split(" ").slice(1) ?? [];
};
/** Resolves once a command has said that it is through with all of these. */
async function hears({ stderr }: { stderr: Readable }, steps: readonly string[]): Promise<void> {
  let said = "";
  for await (const [chunk] of on(stderr, "data", { close: ["end"] })) {
    said += chunk;
    if (steps.every((step) => said.includes(`✔ ${step}`))) return;
  }
}

beforeAll(async () => {
  system = await RollbackSystem.make(async ({ kubeconfig }) => {
    proxy = await newFaultProxy(kubeconfig);
    return { kubeconfig: proxy.kubeconfig, context: "proxy" };
  });
});
afterAll(async () => {
  await proxy?.close();
  await system?.close();
});

test("the connection to the cluster is lost in the middle of a level: what is done is told, and the same command, once it is back, ends it", async () => {
  const fault = () => othersDone.then(proxy.goAway);
  proxy.rules.push({ on: /^PATCH .*\/mindmend-backend-canary\?(?!.*dryRun)/, fault, times: 1 });
  const losing = system.rollback(["to", "traffic", "--yes", "--by", "ada", "--reason", "p95 3x", "--incident", "INC-9"]);
  const othersDone = hears(losing, [
    "making ConfigMap mindmend-verification-",
    "changing Deployment mindmend-backend ",
    "changing Service mindmend ",
  ]);
  const lost = await losing;
  expect(lost.exitCode).toBe(5);
  await endsLike(lost.stderr, "lost-connection");
  expect(await standing()).toEqual([
    "The last update failed; 0000-00-00 00:00:00 UTC; rollback to traffic by ada: p95 3x (INC-9)",
    ...unsettled,
  ]);

  await proxy.comeBack();
  const told = await system.rollback([...toldIn(lost.stderr, "to traffic"), "--yes", "--by", "ada", "--reason", "p95 3x"]);
  expect({ exitCode: told.exitCode, stderr: told.stderr }).toMatchObject({ exitCode: 0 });
  expect(levers()).toMatchObject({ "rollback-stacks:canary": { weight: 0 } });
  expect(await status()).toMatchObject({ drift: [], pending: [], lastUpdate: { result: "succeeded" } });
});

test("no connection to the cluster from the beginning: nothing is changed, and it says where it looked", async () => {
  const before = system.file();
  await proxy.goAway();
  const away = await system.rollback(["undo", "--yes", "--by", "ada"]);
  await proxy.comeBack();
  expect(away.exitCode).toBe(3);
  await endsLike(away.stderr, "no-connection");
  expect(system.file()).toBe(before);
  const undone = await system.rollback(["undo", "--yes", "--by", "ada"]);
  expect({ exitCode: undone.exitCode, stderr: undone.stderr }).toMatchObject({ exitCode: 0 });
});

test.each([
  { kind: "poddisruptionbudget", type: "kubernetes:policy/v1:PodDisruptionBudget", name: "mindmend-backend-canary", declared: 0 },
  // It takes the place of one that was deleted for it.
  { kind: "job", type: "kubernetes:batch/v1:Job", name: "mindmend-verification", declared: 1 },
])(
  "an update is killed while the cluster makes a $kind for it: the way back takes that one away",
  async ({ kind, type, name, declared }) => {
    const those = async () => {
      const { stdout } = await system.kubectl("get", kind, "-o", "jsonpath={.items[*].metadata.name}");
      return stdout.split(" ").filter((each) => each.startsWith(name));
    };
    await system.pulumi("config", "set", "--path", "canary.weight", "50");
    const fault: Fault = async ({ ask }) => {
      await ask();
      process.kill(await system.holder(), "SIGKILL");
    };
    proxy.rules.push({ on: new RegExp(`^PATCH .*/${kind}s/${name}[-a-z0-9]*\\?(?!.*dryRun)`), fault, times: 1 });
    await expect(system.pulumi("up", "--yes", "--skip-preview")).rejects.toMatchObject({ signal: "SIGKILL" });
    expect((await status()).pending).toContainEqual({ type, name });
    const [orphan, ...others] = await those();
    expect([orphan, others]).toEqual([expect.stringContaining(name), []]);

    const back = await system.rollback(["last-good", "--yes", "--by", "ada"]);
    expect({ exitCode: back.exitCode, stderr: back.stderr }).toMatchObject({ exitCode: 0 });
    expect(back.stderr).toContain("Took up what an update that was cut off was at: ");
    expect(await status()).toMatchObject({ drift: [], pending: [], lastUpdate: { result: "succeeded" } });
    const after = await those();
    expect([after.length, after.includes(orphan as string)]).toEqual([declared, false]);
  },
);

test("a verification that hangs ends at its time limit, and the level that comes next can be taken", async ({ skip }) => {
  skip(!everyFault, howEvery);
  const hanging = system.rollback(["to", "flag", "--yes", "--by", "ada", "--reason", "p95 3x"]);
  process.kill(await verification(), "SIGSTOP");
  const { exitCode, stderr } = await hanging;
  expect(exitCode).toBe(6);
  expect(stderr).toContain(
    "The RTO of 30 s has passed; awaited yet: Job mindmend-verification. It ends by itself; to end it now: Ctrl-C, then: rollback to traffic ",
  );
  await endsLike(stderr, "hanging-verification");
  expect(levers()).toMatchObject({ "rollback-stacks:aiProvider": "openai" });
  expect(await standing()).toEqual(["The last update failed; 0000-00-00 00:00:00 UTC; rollback to flag by ada: p95 3x", ...unsettled]);

  const next = await system.rollback([...toldIn(stderr, "to "), "--yes", "--by", "ada", "--reason", "p95 3x"]);
  expect({ exitCode: next.exitCode, stderr: next.stderr }).toMatchObject({ exitCode: 0 });
  expect(await status()).toMatchObject({ drift: [], pending: [], lastUpdate: { result: "succeeded" } });
});

/** The process of the next verification that runs in the node, as this machine numbers it. */
async function verification(): Promise<number> {
  const running = () =>
    readdirSync("/proc").find((pid) => {
      try {
        return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("/app/verify.mjs\0/etc/verification");
      } catch {
        // It has ended meanwhile.
        return false;
      }
    });
  for (;;) {
    const pid = running();
    if (pid !== undefined) return Number(pid);
    await sleep(20);
  }
}
