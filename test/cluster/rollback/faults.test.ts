/** What an operator is told when a rollback cannot be carried out, and that doing so mends it: on the real node, through a proxy that can be told to go away. */

import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { type FaultProxy, newFaultProxy } from "../kubernetesProvider/faultProxy.ts";
import { RollbackSystem } from "./system.ts";

let system: RollbackSystem;
let proxy: FaultProxy;

const looksLike = (screen: string, name: string) => expect(normal(screen)).toMatchFileSnapshot(`screens/${name}.txt`);
const normal = (screen: string) => system.normal(screen).replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:0");
const levers = () => parse(system.file()).config;
const status = async () => JSON.parse((await system.rollback(["status", "--json"])).stdout);
/** The command that a message tells to type, its only one that begins so. */
const toldIn = (message: string, begin: string): string[] => {
  const [line = ""] = message.split("\n").filter((each) => each.startsWith(`  rollback ${begin}`));
  return line.trim().split(/ {2,}/)[0]?.split(" ").slice(1) ?? [];
};

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
  const leaving = { on: /^PATCH .*\/mindmend-backend-canary\?(?!.*dryRun)/, fault: async () => proxy.goAway(), times: 1 };
  proxy.rules.push(leaving);
  const lost = await system.rollback(["to", "traffic", "--yes", "--by", "ada", "--reason", "p95 3x", "--incident", "INC-9"]);
  expect(lost.exitCode).toBe(5);
  await looksLike(lost.stderr, "lost-connection");
  await looksLike((await system.rollback(["status"])).stdout, "lost-connection-status");

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
  await looksLike(away.stderr, "no-connection");
  expect(system.file()).toBe(before);
  const undone = await system.rollback(["undo", "--yes", "--by", "ada"]);
  expect({ exitCode: undone.exitCode, stderr: undone.stderr }).toMatchObject({ exitCode: 0 });
});

test("a verification that hangs ends at its time limit, and the level that comes next can be taken", async () => {
  const hanging = system.rollback(["to", "flag", "--yes", "--by", "ada", "--reason", "p95 3x"]);
  process.kill(await verification(), "SIGSTOP");
  const { exitCode, stderr } = await hanging;
  expect(exitCode).toBe(6);
  await looksLike(stderr, "hanging-verification");
  expect(levers()).toMatchObject({ "rollback-stacks:aiProvider": "openai" });
  await looksLike((await system.rollback(["status"])).stdout, "hanging-verification-status");

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
