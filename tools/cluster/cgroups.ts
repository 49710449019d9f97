import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const folder = "rollback-stacks";
/** Where version 2 is mounted when it is the only one; beside version 1 it has a folder further down and no controllers to give. */
export const unifiedMountPoint = "/sys/fs/cgroup";
/**
 * Of the clusters' group, in processes: as much as a machine of their own would give them. As one group among the machine's processes it would
 * get as little as one of them, so that whatever else runs would tell how fast a rollback is.
 */
const weight = 8;
const neededControllers = ["cpu", "cpuset", "io", "memory", "pids"];

/** One mounted cgroup hierarchy: version 1 has one per set of controllers, version 2 a single one. */
export interface Hierarchy {
  version: 1 | 2;
  mountPoint: string;
  /** What `mount -o` needs to mount the same hierarchy again, e.g. `cpu,cpuacct` or `none,name=systemd`; empty for version 2. */
  options: string;
  /** The caller's own group in it. */
  own: string;
}

const notHierarchy = new Set(["rw", "ro", "xattr", "nsdelegate", "memory_recursiveprot", "memory_localevents", "favordynmods"]);

/** Reads the hierarchies of `/proc/self/mountinfo` and the caller's place in them from `/proc/self/cgroup`. */
export function parseHierarchies(mountinfo: string, selfCgroup: string): Hierarchy[] {
  const places = selfCgroup
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const [, controllers = "", ...path] = line.split(":");
      return { controllers, path: path.join(":") };
    });
  return mountinfo.split("\n").flatMap((line): Hierarchy[] => {
    const [left, right] = line.split(" - ");
    const mountPoint = left?.split(" ")[4];
    const [type, , superOptions = ""] = right?.split(" ") ?? [];
    if (!mountPoint?.startsWith(unifiedMountPoint)) return [];
    if (type === "cgroup2") {
      return [{ version: 2, mountPoint, options: "", own: places.find((place) => place.controllers === "")?.path ?? "/" }];
    }
    if (type !== "cgroup") return [];
    const names = superOptions.split(",").filter((option) => !notHierarchy.has(option) && !/^(release_agent|clone_children)/.test(option));
    const own = places.find((place) => place.controllers === names.join(","))?.path ?? "/";
    return [
      {
        version: 1,
        mountPoint,
        options: names.some((name) => name.startsWith("name=")) ? `none,${names.join(",")}` : names.join(","),
        own,
      },
    ];
  });
}

export function readHierarchies(): Hierarchy[] {
  return parseHierarchies(readFileSync("/proc/self/mountinfo", "utf8"), readFileSync("/proc/self/cgroup", "utf8"));
}

/**
 * Makes the cluster's group in every hierarchy and returns their folders. In version 1 it lies below the caller's own group,
 * so that limits on the caller hold for the cluster too; version 2 forbids that for a group with processes, there it lies at the top.
 */
export function makeCgroups(hierarchies: Hierarchy[], name: string): string[] {
  return hierarchies.map(({ version, mountPoint, own }) => {
    const parent = join(mountPoint, version === 1 ? own : "/", folder);
    const group = join(parent, name);
    // Both at once: another cluster that stops meanwhile removes the parent only while it is empty.
    mkdirSync(group, { recursive: true });
    inheritCpuset(parent);
    if (mountPoint === unifiedMountPoint) {
      enableControllers(mountPoint);
      enableControllers(parent);
    }
    weigh(parent);
    inheritCpuset(group);
    return group;
  });
}

/** Lets the children of a version 2 group have the controllers that containers need, as far as the group has them. */
export function enableControllers(group: string): void {
  const available = new Set(readFileSync(join(group, "cgroup.controllers"), "utf8").split(/\s+/));
  for (const controller of neededControllers.filter((each) => available.has(each)))
    writeFileSync(join(group, "cgroup.subtree_control"), `+${controller}`);
}

/** Where the hierarchy gives out CPU time. */
function weigh(group: string): void {
  for (const [file, usual] of Object.entries({ "cpu.shares": 1024, "cpu.weight": 100 })) {
    if (existsSync(join(group, file))) writeFileSync(join(group, file), String(usual * weight));
  }
}

/** A version 1 cpuset starts empty and takes no process until it has what its parent has. */
function inheritCpuset(group: string): void {
  for (const file of ["cpuset.cpus", "cpuset.mems"]) {
    const own = join(group, file);
    if (!existsSync(own) || !existsSync(join(group, "cgroup.clone_children"))) continue;
    if (readFileSync(own, "utf8").trim() === "") writeFileSync(own, readFileSync(join(dirname(group), file), "utf8"));
  }
}

/** Process ids in a group and all groups below it. */
export function processesIn(group: string): number[] {
  if (!existsSync(group)) return [];
  const own = readFileSync(join(group, "cgroup.procs"), "utf8").split("\n").filter(Boolean).map(Number);
  return [...own, ...subgroups(group).flatMap(processesIn)];
}

/** Removes the groups, waiting up to 5 s for the last processes to leave them, and the folder above where it became empty. */
export async function removeCgroups(groups: string[]): Promise<void> {
  const deadline = Date.now() + 5_000;
  for (const group of groups) {
    while (!removeTree(group)) {
      if (Date.now() > deadline) throw new Error(`the cgroup ${group} still holds processes ${processesIn(group).join(", ")}`);
      await sleep(20);
    }
    try {
      rmdirSync(dirname(group));
    } catch {
      // Another cluster lives there.
    }
  }
}

function removeTree(group: string): boolean {
  if (!existsSync(group)) return true;
  try {
    // Every part is tried, so that one busy group leaves no others behind.
    const emptied = subgroups(group).map(removeTree);
    if (emptied.includes(false)) return false;
    rmdirSync(group);
    return true;
  } catch {
    return !existsSync(group);
  }
}

function subgroups(group: string): string[] {
  return readdirSync(group, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(group, entry.name));
}
