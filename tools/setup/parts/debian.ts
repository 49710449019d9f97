import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { Interrupted } from "../../errors.ts";
import { isOnPath } from "../found.ts";
import { type Part, PartError } from "../part.ts";
import { type Runner, runTool } from "../process.ts";

/** Where distributions put the CNI plugins. */
export const cniFolders = ["/usr/lib/cni", "/opt/cni/bin", "/usr/libexec/cni"];

/** Package → whether the machine has what it is for, from this package or any other. */
const packages: Record<string, () => boolean> = {
  containerd: () => has("containerd") && has("ctr"),
  runc: () => has("runc"),
  "containernetworking-plugins": () =>
    cniFolders.some((folder) => ["ptp", "host-local", "loopback"].every((name) => executable(join(folder, name)))),
  iptables: () => has("iptables"),
  conntrack: () => has("conntrack"),
  ipset: () => has("ipset"),
  socat: () => has("socat"),
  ebtables: () => has("ebtables"),
  kmod: () => has("modprobe"),
  iproute2: () => has("ip"),
  procps: () => has("sysctl"),
};

/** What the node needs of the operating system. Nothing that is there is replaced or removed, and no service is started. */
export const debian: Part = {
  name: "debian",
  title: "system packages for the node",
  usually: "about 20 s",
  present: () => missing().length === 0,
  async make(run) {
    const wanted = missing();
    const refusal = unavailable();
    if (refusal) {
      throw new PartError(
        "debian",
        `System packages (${wanted.join(", ")})`,
        [refusal],
        `install what Debian calls ${wanted.join(", ")}, or use --simulated.`,
      );
    }
    try {
      await apt(["update"], run).catch((error: Error) => {
        // Lists from before may do.
        if (error instanceof Interrupted) throw error;
      });
      await apt(["install", "--yes", "--no-install-recommends", "--no-remove", ...wanted], run);
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      throw new PartError(
        "debian",
        `System packages (${wanted.join(", ")})`,
        [(error as Error).message],
        "mend what apt-get says above (network, a held package, an interrupted dpkg: `dpkg --configure -a`) and run the same command again.",
      );
    }
    const still = missing();
    if (still.length > 0) {
      const tried = [`apt-get install ${wanted.join(" ")}: it succeeded, and still what ${still.join(", ")} should bring is not found`];
      throw new PartError("debian", "System packages", tried, `install ${still.join(", ")} so that the commands are on PATH.`);
    }
    return `installed ${wanted.length}`;
  },
};

async function apt(args: string[], run: Runner): Promise<void> {
  await runTool("apt-get", ["--quiet", "--option", "DPkg::Lock::Timeout=300", ...args], run, {
    // SYSTEMD_OFFLINE keeps the packages' scripts from starting services.
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", NEEDRESTART_SUSPEND: "1", SYSTEMD_OFFLINE: "1", LC_ALL: "C.UTF-8" },
  });
}

function missing(): string[] {
  return Object.entries(packages).flatMap(([name, there]) => (there() ? [] : [name]));
}

function unavailable(): string | undefined {
  if (!has("apt-get")) return "apt-get: not a Debian-like system";
  if (process.getuid?.() !== 0) return "apt-get: needs root (sudo)";
  return undefined;
}

function has(command: string): boolean {
  return isOnPath(command, `${process.env.PATH}:/usr/sbin:/sbin`);
}

function executable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
