import { execFileSync } from "node:child_process";
import {
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { enableControllers, readHierarchies, unifiedMountPoint } from "./cgroups.ts";
import { network, nodeName } from "./network.ts";

/** Where the cluster's folder lies inside its namespaces: short, so that unix sockets in it have short paths everywhere. */
export const inside = "/run/cluster";
/** Where the project's programs lie inside. */
export const insideBin = "/run/bin";

/**
 * Makes the fresh namespaces of this process the cluster's own machine: an uplink that leads nowhere, private mounts where
 * its programs would otherwise write on the machine, its own cgroup root. All of it is gone with the last process.
 */
export function settle(clusterDir: string, binDir: string): void {
  settleNetwork();
  settleMounts(clusterDir, binDir);
  settleCgroups();
  writeFileSync("/proc/sys/kernel/hostname", nodeName);
}

function settleNetwork(): void {
  const steps = [
    "link set lo up",
    // A bridge without ports: an interface that every kernel has, for the default route without which service addresses are unreachable.
    "link add up0 type bridge",
    `address add ${network.uplink} dev up0`,
    "link set up0 up",
    "route add default dev up0",
  ];
  execFileSync("ip", ["-batch", "-"], { input: steps.join("\n"), stdio: ["pipe", "ignore", "pipe"] });
  writeFileSync("/proc/sys/net/ipv4/ip_forward", "1");
  writeFileSync("/proc/sys/net/ipv4/conf/all/route_localnet", "1");
}

function settleMounts(clusterDir: string, binDir: string): void {
  const real = (path: string) => {
    try {
      return realpathSync(path);
    } catch {
      return undefined;
    }
  };
  const ownFiles = ["hosts", "resolv.conf"].map((name) => ({ source: join(inside, "config", name), target: real(`/etc/${name}`) }));
  // Either may lie below /run or /var itself, so both are held open until those are covered.
  const folders = [clusterDir, binDir].map((path) => openSync(path, "r"));
  mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run");
  [inside, insideBin].forEach((target, index) => {
    mkdirSync(target);
    mount("--bind", `/proc/${process.pid}/fd/${folders[index]}`, target);
  });
  for (const folder of folders) closeSync(folder);
  for (const path of ["/run/tmp", "/run/var", "/run/var/upper", "/run/var/work", "/run/lock"]) mkdirSync(path);
  // CNI and the kubelet keep some files under /var whatever they are told: writes there go to memory, reads see the machine's.
  mount("-t", "overlay", "-o", "lowerdir=/var,upperdir=/run/var/upper,workdir=/run/var/work", "overlay", "/var");
  for (const { source, target } of ownFiles) {
    if (target === undefined) continue;
    if (target.startsWith("/run/")) {
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, "");
    }
    mount("--bind", source, target);
  }
  shadowKernelTunables();
}

/** The kubelet insists on these values, which belong to the whole machine: it is shown them and the machine keeps its own. */
function shadowKernelTunables(): void {
  const wanted = {
    "vm/overcommit_memory": "1",
    "vm/panic_on_oom": "0",
    "kernel/panic": "10",
    "kernel/panic_on_oops": "1",
    "kernel/keys/root_maxkeys": "1000000",
    "kernel/keys/root_maxbytes": "25000000",
  };
  mkdirSync("/run/sysctl");
  for (const [name, value] of Object.entries(wanted)) {
    const shadow = join("/run/sysctl", name.replaceAll("/", "."));
    writeFileSync(shadow, `${value}\n`);
    mount("--bind", shadow, join("/proc/sys", name));
  }
}

/** Mounts the cgroup hierarchies again: in the new cgroup namespace their top is the cluster's own group. */
function settleCgroups(): void {
  const hierarchies = readHierarchies();
  const root = unifiedMountPoint;
  if (hierarchies.some(({ mountPoint }) => mountPoint === root)) {
    // It cannot be mounted over itself.
    execFileSync("umount", ["--lazy", root], { stdio: ["ignore", "ignore", "pipe"] });
    mount("-t", "cgroup2", "cgroup2", root);
    leaveTopGroup(root);
    return;
  }
  const links = readdirSync(root)
    .filter((name) => lstatSync(join(root, name)).isSymbolicLink())
    .map((name) => ({ path: join(root, name), to: readlinkSync(join(root, name)) }));
  mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", root);
  for (const { version, mountPoint, options } of hierarchies) {
    mkdirSync(mountPoint, { recursive: true });
    if (version === 2) mount("-t", "cgroup2", "cgroup2", mountPoint);
    else mount("-t", "cgroup", "-o", options, "cgroup", mountPoint);
  }
  for (const { path, to } of links) symlinkSync(to, path);
}

/** In version 2 a group hands controllers to its children only while it has no process itself. */
function leaveTopGroup(top: string): void {
  const leaf = join(top, "init");
  mkdirSync(leaf, { recursive: true });
  for (const pid of readFileSync(join(top, "cgroup.procs"), "utf8").split("\n").filter(Boolean)) {
    // Zero is a process outside this pid namespace, which whoever started it moves.
    if (pid !== "0") writeFileSync(join(leaf, "cgroup.procs"), pid);
  }
  enableControllers(top);
}

function mount(...args: string[]): void {
  execFileSync("mount", args, { stdio: ["ignore", "ignore", "pipe"] });
}
