import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { identify, isAlive, killAll } from "../../../tools/cluster/processes.ts";
import { Supervisor } from "../../../tools/cluster/supervisor.ts";

describe("a supervised component", () => {
  let folder: string;
  let supervisor: Supervisor;
  let pids: AsyncIterator<number>;
  let lines: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "supervisor-"));
    lines = [];
    const started = Promise.withResolvers<number>();
    const queue = [started];
    supervisor = new Supervisor({
      logs: join(folder, "logs"),
      cwd: folder,
      env: { PATH: process.env.PATH ?? "" },
      log: (line) => lines.push(line),
      started(_name, pid) {
        queue.at(-1)?.resolve(pid);
        queue.push(Promise.withResolvers());
      },
    });
    pids = (async function* () {
      for (let index = 0; ; index++) yield (queue[index] as typeof started).promise;
    })();
  });
  afterEach(() => {
    supervisor.stop();
    rmSync(folder, { recursive: true });
  });

  async function nextPid(): Promise<number> {
    return (await pids.next()).value;
  }

  it("comes back after it was killed, and its output stays in one log", async () => {
    supervisor.run({ name: "sleeper", command: "sh", args: ["-c", "echo begun; exec sleep 1000"] });
    const first = await nextPid();
    process.kill(first, "SIGKILL");
    const second = await nextPid();
    expect(second).not.toBe(first);
    expect(lines).toEqual(["sleeper ended with SIGKILL; starting it again in 100 ms"]);
    process.kill(second, "SIGKILL");
    await nextPid();
    expect(readFileSync(join(folder, "logs", "sleeper.log"), "utf8")).toMatch(/^(begun\n)*$/);
  });

  it("ends for good with its supervisor", async () => {
    supervisor.run({ name: "sleeper", command: "sleep", args: ["1000"] });
    const pid = await nextPid();
    const process = identify(pid);
    supervisor.stop();
    await killAll(process ? [process] : []);
    expect(process && isAlive(process)).toBe(false);
    expect(lines).toEqual([]);
  });
});

describe("a process", () => {
  it("is known by more than its id, which another one may get", () => {
    const self = identify(process.pid);
    expect(self && isAlive(self)).toBe(true);
    expect(isAlive({ pid: process.pid, started: "another time" })).toBe(false);
  });
});
