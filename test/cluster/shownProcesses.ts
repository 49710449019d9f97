import { readdirSync, readFileSync } from "node:fs";

/** Everything that the machine's processes, those of the pods among them, were started with and have in their environment. */
export function shownProcesses(): string {
  const read = (pid: string, file: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, "utf8").replaceAll("\0", " ");
    } catch {
      return "";
    }
  };
  const pids = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry));
  return pids.flatMap((pid) => [read(pid, "cmdline"), read(pid, "environ")]).join("\n");
}
