import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import type { Server } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";
import { binDir } from "../paths.ts";
import { makeCgroups, readHierarchies, unifiedMountPoint } from "./cgroups.ts";
import { ensureIdentity, type Tokens, type User, writeAdminKubeconfig, writeAll, writeComponentKubeconfigs } from "./files.ts";
import type { FromInit, ToInit } from "./init.ts";
import type { Layout } from "./layout.ts";
import { network } from "./network.ts";
import { nodeConfiguration, pauseImage } from "./node-components.ts";
import { writePauseImage } from "./pause-image.ts";
import { close, openPort, portOf } from "./ports.ts";
import { descendantsOf, identify } from "./processes.ts";
import { type ClusterRecord, endProcesses, writeRecord } from "./record.ts";
import { cniPlugins, snapshotterFor, systemPath } from "./requirements.ts";
import { ClusterError } from "./types.ts";

const settleTimeout = 20_000;
const initProgram = fileURLToPath(new URL("init.ts", import.meta.url));

/** Starts the node's processes in namespaces of their own; they are not ready yet. `before` is what was recorded of an earlier run. */
export async function launchNode(layout: Layout, port: number | undefined, before: ClusterRecord | undefined): Promise<ClusterRecord> {
  const sockets: Sockets = {
    api: await openPort({ asked: port, before: before?.ports.api }),
    proxy: await openPort({ before: before?.ports.proxy }),
  };
  try {
    for (const folder of [layout.config, layout.logs, layout.data]) mkdirSync(folder, { recursive: true, mode: 0o700 });
    const tokens = await ensureIdentity(layout);
    await writeNodeFiles(layout, tokens);
    writeAdminKubeconfig(layout, tokens, portOf(sockets.api));
    const hierarchies = readHierarchies();
    const record: ClusterRecord = {
      kind: "node",
      startedAt: Date.now(),
      ports: { api: portOf(sockets.api), proxy: portOf(sockets.proxy) },
      cgroups: makeCgroups(hierarchies, layout.cgroup),
    };
    writeRecord(layout, record);
    const child = spawnInit(layout, record.cgroups);
    try {
      const unified = record.cgroups[hierarchies.findIndex(({ mountPoint }) => mountPoint === unifiedMountPoint)];
      await settled(layout, child, sockets, tokens.admin, unified);
      record.main = identify(child.pid as number);
      record.inner = descendantsOf(child.pid as number)[0];
      writeRecord(layout, record);
      await new Promise((sent) => child.send({ keep: true } satisfies ToInit, sent));
      return record;
    } catch (error) {
      await endProcesses(layout, { ...record, main: identify(child.pid ?? -1) });
      throw error;
    } finally {
      child.removeAllListeners();
      if (child.connected) child.disconnect();
      child.unref();
    }
  } finally {
    await Promise.all([close(sockets.api), close(sockets.proxy)]);
  }
}

interface Sockets {
  api: Server;
  proxy: Server;
}

/** Hands the init what it needs and resolves when its namespaces are set up. */
async function settled(layout: Layout, child: ChildProcess, sockets: Sockets, token: string, unified: string | undefined): Promise<void> {
  const say = (message: ToInit, handle?: Server) => child.send(message, handle);
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((fulfil, reject) => {
      timer = setTimeout(() => reject(notSettled(layout, `nothing was heard of it for ${settleTimeout / 1000} s`)), settleTimeout);
      child.once("error", reject);
      child.once("exit", () => reject(notSettled(layout, lastLine(join(layout.logs, "init.log")))));
      child.on("message", (message: FromInit) => {
        if ("failed" in message) return reject(notSettled(layout, message.failed));
        if ("settled" in message) return fulfil();
        if (unified !== undefined) joinLeaf(unified, child.pid as number);
        say({ serve: "api" }, sockets.api);
        say({ serve: "proxy", token }, sockets.proxy);
        say({ go: true });
      });
    });
  } finally {
    clearTimeout(timer);
  }
}

async function writeNodeFiles(layout: Layout, tokens: Tokens): Promise<void> {
  const users: User[] = ["kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy", "coredns"];
  writeComponentKubeconfigs(layout, tokens, `https://127.0.0.1:${network.apiPort}`, users);
  const files = nodeConfiguration({ snapshotter: snapshotterFor(layout.dir), cniPlugins: cniPlugins() ?? "" });
  writeAll(
    layout.config,
    Object.fromEntries(Object.entries(files).map(([name, content]) => [name, typeof content === "string" ? content : stringify(content)])),
  );
  const archive = join(layout.data, "pause.tar");
  if (!existsSync(archive)) await writePauseImage(join(binDir, "pause"), pauseImage, archive);
}

function spawnInit(layout: Layout, cgroups: string[]) {
  const output = openSync(join(layout.logs, "init.log"), "a");
  // The first shell joins the groups before the new cgroup namespace takes them for its top. The second is process 1 inside:
  // it collects whatever is left behind there, and its end is the end of everything.
  const join1 = 'while [ "$1" != -- ]; do echo $$ > "$1/cgroup.procs" || exit; shift; done; shift; exec "$@"';
  const process1 = '"$@" & wait $!';
  const unshare = ["unshare", "--net", "--mount", "--pid", "--uts", "--ipc", "--cgroup", "--fork", "--kill-child", "--mount-proc", "--"];
  const init = [process.execPath, initProgram, layout.dir, binDir];
  try {
    return spawn("sh", ["-c", join1, "sh", ...cgroups, "--", ...unshare, "sh", "-c", process1, "sh", ...init], {
      cwd: "/",
      detached: true,
      stdio: ["ignore", output, output, "ipc"],
      env: { PATH: systemPath, HOME: "/", NODE_NO_WARNINGS: "1" },
    });
  } finally {
    closeSync(output);
  }
}

/** A version 2 group hands controllers to its children only while it has no process itself, and `unshare` is still in it. */
function joinLeaf(group: string, pid: number): void {
  const leaf = join(group, "init");
  mkdirSync(leaf, { recursive: true });
  writeFileSync(join(leaf, "cgroup.procs"), String(pid));
}

function notSettled(layout: Layout, why: string): ClusterError {
  return new ClusterError(
    `the cluster "${layout.name}" gets no namespaces of its own: ${why.trim()}.\n` +
      "  Where a machine or a container refuses them, --simulated runs the same control plane with a pretended node: no traffic, no root.",
  );
}

function lastLine(file: string): string {
  return readFileSync(file, "utf8").trimEnd().split("\n").at(-1) || "it ended without a word";
}
