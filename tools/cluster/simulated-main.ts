import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Component, controlPlane } from "./control-plane.ts";
import { writePrivate } from "./files.ts";
import { layoutOf } from "./layout.ts";
import { listening } from "./ports.ts";
import { identify, type ProcessId } from "./processes.ts";
import { Supervisor } from "./supervisor.ts";

const [name = "", binDir = "", port = ""] = process.argv.slice(2);
const layout = layoutOf(name);
const parts: Record<string, ProcessId> = {};

const supervisor = new Supervisor({
  logs: layout.logs,
  cwd: layout.data,
  // No HOME of the person's own: nothing may find a kubeconfig there.
  env: { PATH: process.env.PATH ?? "", HOME: layout.data },
  log: (line) => console.log(`${new Date().toISOString()} ${line}`),
  started(component, pid) {
    const process = identify(pid);
    if (process) parts[component] = process;
    writePrivate(layout.parts, JSON.stringify(parts));
  },
});

for (const socket of ["etcd.sock", "etcd-peer.sock"]) rmSync(join(layout.data, socket), { force: true });
const { etcd, apiServer, controllerManager, scheduler } = controlPlane({
  dir: layout.dir,
  bin: binDir,
  bind: "127.0.0.1",
  port: Number(port),
  advertise: "127.0.0.1",
});
const kwok: Component = {
  name: "kwok",
  command: join(binDir, "kwok"),
  args: [
    `--kubeconfig=${join(layout.config, "kwok.kubeconfig")}`,
    `--config=${join(layout.config, "kwok.yaml")}`,
    "--manage-all-nodes",
    // With leases a restarted kwok leaves the node alone until the one of the killed kwok runs out.
    "--node-lease-duration-seconds=0",
  ],
};
supervisor.run(etcd);
supervisor.run(apiServer);
await listening({ host: "127.0.0.1", port: Number(port) });
for (const component of [controllerManager, scheduler, kwok]) supervisor.run(component);
