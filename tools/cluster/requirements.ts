import { accessSync, constants, existsSync, statfsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { binDir } from "../paths.ts";
import { readHierarchies } from "./cgroups.ts";
import { ClusterError } from "./types.ts";

const leastDisk = 512 * 1024 * 1024;
/** Where the machine's own programs are, whatever the caller's PATH. */
export const systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const systemPrograms = ["unshare", "nsenter", "mount", "ip", "iptables", "conntrack", "containerd", "ctr", "runc"];
const controlPlanePrograms = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"];
const cniFolders = ["/usr/lib/cni", "/opt/cni/bin", "/usr/libexec/cni"];
const overlayFilesystem = 0x794c7630;

/** Why this machine cannot run a real node, one reason each; empty when it can. */
export function missingForNode(): string[] {
  if (process.platform !== "linux") return [`Linux (this is ${process.platform})`];
  const missing: string[] = [];
  const root = process.getuid?.() === 0;
  if (!root) missing.push("root (run it with sudo)");
  if (!existsSync("/proc/self/ns/cgroup") || !existsSync("/proc/self/ns/net")) missing.push("a kernel with network and cgroup namespaces");
  const hierarchies = existsSync("/proc/self/mountinfo") ? readHierarchies() : [];
  if (!hierarchies.some((hierarchy) => hierarchy.version === 2 || /\bmemory\b/.test(hierarchy.options)))
    missing.push("cgroups mounted at /sys/fs/cgroup");
  else if (root && !hierarchies.every(({ mountPoint }) => writable(mountPoint)))
    missing.push("cgroups that can be written (/sys/fs/cgroup is read-only)");
  for (const program of systemPrograms) if (!onPath(program)) missing.push(`the program ${program}`);
  if (!cniPlugins()) missing.push(`the CNI plugins ptp, host-local and loopback (looked in ${cniFolders.join(", ")})`);
  return [...missing, ...missingPrograms([...controlPlanePrograms, "kubelet", "kube-proxy", "coredns", "pause"])];
}

/** Throws one ClusterError that names everything a real node lacks here. */
export function requireNode(): void {
  const missing = missingForNode();
  if (missing.length === 0) return;
  throw new ClusterError(
    `a Kubernetes node cannot run on this machine. It lacks:\n${missing.map((item) => `  - ${item}`).join("\n")}\n` +
      "  `npm run setup` installs the programs. Without the rest, --simulated runs the same control plane with a pretended node: no traffic, no root.",
  );
}

export function requireSimulated(): void {
  const missing = missingPrograms([...controlPlanePrograms, "kwok"]);
  if (missing.length > 0) throw new ClusterError(`the simulated cluster lacks ${missing.join(", ")}.\n  \`npm run setup\` installs them`);
}

/** Throws a ClusterError where the file system of `folder` is too full for a cluster. */
export function requireDisk(folder: string): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < leastDisk) throw diskFull(folder, bavail * bsize);
}

export function diskFull(folder: string, free?: number): ClusterError {
  const left = free === undefined ? "" : `: ${Math.floor(free / 1024 / 1024)} MiB are free`;
  return new ClusterError(
    `the disk that holds ${folder} is too full for a cluster${left}, ${leastDisk / 1024 / 1024} MiB are needed.\n` +
      "  Free some space, or name a folder on another disk in ROLLBACK_STACKS_CACHE",
  );
}

/** The folder of the machine's CNI plugins, or undefined. */
export function cniPlugins(): string | undefined {
  return cniFolders.find((folder) => ["ptp", "host-local", "loopback"].every((plugin) => executable(join(folder, plugin))));
}

/** `overlayfs`, or `native` where the cluster's folder already lies on an overlay (a container): one cannot carry another. */
export function snapshotterFor(folder: string): "overlayfs" | "native" {
  return statfsSync(folder).type === overlayFilesystem ? "native" : "overlayfs";
}

function missingPrograms(names: string[]): string[] {
  return names.filter((name) => !executable(join(binDir, name))).map((name) => `the program ${name} in ${binDir}`);
}

function onPath(program: string): boolean {
  return systemPath.split(delimiter).some((folder) => executable(join(folder, program)));
}

function executable(file: string): boolean {
  return accessible(file, constants.X_OK);
}

function writable(folder: string): boolean {
  return accessible(folder, constants.W_OK);
}

function accessible(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
