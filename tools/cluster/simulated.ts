import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";
import { binDir } from "../paths.ts";
import { schedulerConfiguration } from "./control-plane.ts";
import { ensureIdentity, writeAdminKubeconfig, writeAll, writeComponentKubeconfigs } from "./files.ts";
import { kwokConfiguration } from "./kwok.ts";
import type { Layout } from "./layout.ts";
import { close, openPort, portOf } from "./ports.ts";
import { identify } from "./processes.ts";
import { type ClusterRecord, writeRecord } from "./record.ts";

const supervisorProgram = fileURLToPath(new URL("simulated-main.ts", import.meta.url));

/** Starts the same control plane as plain processes of this user on 127.0.0.1, with kwok in the place of a node; not ready yet. */
export async function launchSimulated(layout: Layout, port: number | undefined, before: ClusterRecord | undefined): Promise<ClusterRecord> {
  const api = await openPort({ asked: port, before: before?.ports.api });
  const apiPort = portOf(api);
  await close(api);
  const record: ClusterRecord = { kind: "simulated", startedAt: Date.now(), ports: { api: apiPort }, cgroups: [] };
  for (const folder of [layout.config, layout.logs, layout.data]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const tokens = await ensureIdentity(layout);
  writeComponentKubeconfigs(layout, tokens, `https://127.0.0.1:${apiPort}`, ["kube-controller-manager", "kube-scheduler", "kwok"]);
  writeAll(layout.config, { "kube-scheduler.yaml": stringify(schedulerConfiguration(layout.dir)), "kwok.yaml": kwokConfiguration() });
  writeAdminKubeconfig(layout, tokens, apiPort);
  writeRecord(layout, record);

  const output = openSync(join(layout.logs, "init.log"), "a");
  const child = spawn(process.execPath, [supervisorProgram, layout.name, binDir, String(apiPort)], {
    cwd: layout.dir,
    detached: true,
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  child.on("error", () => {});
  child.unref();
  record.main = identify(child.pid ?? -1);
  writeRecord(layout, record);
  return record;
}
