import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import type { Server } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { inside, settle } from "./namespaces.ts";
import { network } from "./network.ts";
import { containerdSocket, nodeComponents, pauseImage } from "./node-components.ts";
import { listening } from "./ports.ts";
import { proxyInto, relayTo } from "./relay.ts";
import { snapshotterFor, systemPath } from "./requirements.ts";
import { Supervisor } from "./supervisor.ts";

/** What `node.ts` sends to the init, the sockets as handles beside it. */
export type ToInit = { serve: "api" } | { serve: "proxy"; token: string } | { go: true } | { keep: true };
/** What the init answers. `settled`: the namespaces are ready. */
export type FromInit = { hello: true } | { settled: true } | { failed: string };

const clusterDir = process.argv[2] as string;
const binDir = process.argv[3] as string;
let kept = false;

process.on("message", (message: ToInit, handle: unknown) => {
  if ("serve" in message) {
    if (message.serve === "api") relayTo(handle as Server, "127.0.0.1", network.apiPort);
    else proxyInto(handle as Server, message.token);
  } else if ("go" in message) {
    boot();
  } else {
    kept = true;
  }
});
// Whoever started this and went away before it was whole will start it again: nothing half-made stays.
process.on("disconnect", () => {
  if (!kept) process.exit(1);
});
process.send?.({ hello: true } satisfies FromInit);

function boot(): void {
  try {
    settle(clusterDir, binDir);
  } catch (error) {
    process.send?.({ failed: (error as Error).message } satisfies FromInit, () => process.exit(1));
    return;
  }
  process.send?.({ settled: true } satisfies FromInit);
  const supervisor = new Supervisor({
    logs: join(inside, "logs"),
    cwd: join(inside, "data"),
    env: { PATH: systemPath, HOME: "/run/tmp", TMPDIR: "/run/tmp" },
    log: (line) => console.log(`${new Date().toISOString()} ${line}`),
  });
  const { etcd, apiServer, controllerManager, scheduler, containerd, kubelet, kubeProxy, coredns } = nodeComponents();
  // Pods of an earlier run are gone with its namespaces; the kubelet's notes about their volumes would only mislead it.
  rmSync(join(inside, "data", "kubelet"), { recursive: true, force: true });
  for (const socket of ["etcd.sock", "etcd-peer.sock"]) rmSync(join(inside, "data", socket), { force: true });

  supervisor.run(etcd);
  supervisor.run(apiServer);
  supervisor.run(containerd);
  const imageReady = listening(containerdSocket).then(importPauseImage);
  listening({ host: "127.0.0.1", port: network.apiPort }).then(async () => {
    for (const component of [controllerManager, scheduler, kubeProxy, coredns]) supervisor.run(component);
    await imageReady;
    supervisor.run(kubelet);
  });
}

async function importPauseImage(): Promise<void> {
  const archive = join(inside, "data", "pause.tar");
  const ctr = (...args: string[]) =>
    promisify(execFile)("ctr", ["--address", containerdSocket, "--namespace", "k8s.io", ...args], {
      env: { PATH: systemPath, CONTAINERD_SNAPSHOTTER: snapshotterFor(join(inside, "data")) },
    });
  const { stdout } = await ctr("images", "list", "--quiet");
  if (!stdout.includes(pauseImage)) await ctr("images", "import", archive);
}
