import type { V1Pod } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { releaseLabel } from "../../../components/motion.ts";
import { others } from "../../../operations/database/others.ts";
import { quiet } from "../../../operations/database/quiet.ts";
import { sameRevision } from "../../../operations/database/revision.ts";
import { told } from "../../../operations/database/told.ts";

interface Some {
  name: string;
  release: string;
  ending?: boolean;
  phase?: string;
}

const podOf = ({ name, release, ending = false, phase = "Running" }: Some): V1Pod => ({
  metadata: { name, labels: { [releaseLabel]: release }, ...(ending && { deletionTimestamp: new Date() }) },
  status: { phase },
});

/** Answers with one list after the other, and the last one from then on. */
function cluster(...lists: Some[][]) {
  const asked: string[] = [];
  return {
    asked,
    pods: async (selector: string) => {
      asked.push(selector);
      return (lists.length > 1 ? (lists.shift() as Some[]) : (lists[0] ?? [])).map(podOf);
    },
    logs: async () => "",
  };
}

async function waited(releases: string[], ...lists: Some[][]) {
  const said: string[] = [];
  const pods = cluster(...lists);
  const result = await quiet({ pods, app: "shop", releases, say: (line) => said.push(line), intervalMs: 1 });
  return { said, result, asked: pods.asked };
}

describe("before the database changes", () => {
  const old = { name: "shop-1", release: "old", ending: true };
  const fresh = { name: "shop-2", release: "new" };

  it("waits until the last pod of another release has ended, and tells which", async () => {
    const { said, asked } = await waited(["new"], [old, fresh], [old, fresh], [fresh]);
    expect(said).toEqual(["waiting for the end of shop-1"]);
    expect(asked).toEqual(["app=shop,rollback-stacks/release", "app=shop,rollback-stacks/release", "app=shop,rollback-stacks/release"]);
  });

  it("does not wait for what has finished, such as a task's pod", async () => {
    expect((await waited([], [{ name: "flush", release: "old", phase: "Succeeded" }])).said).toEqual([]);
  });

  it("refuses at once where a pod goes on running, and says what to do first", async () => {
    await expect(waited([], [{ name: "shop-worker", release: "new" }])).rejects.toThrow(
      /^shop-worker would go on writing; nothing was changed\. Maintenance has to be on in an update before the one that restores\n {4}mend it with: /,
    );
    await expect(waited(["new"], [{ name: "stray", release: "older" }])).rejects.toThrow(
      /stray would go on writing.*pulumi up --refresh$/s,
    );
  });
});

describe("before a run", () => {
  const jobPod = (name: string, phase: string): V1Pod => ({
    metadata: { name, labels: { "batch.kubernetes.io/job-name": name.slice(0, -2) } },
    status: { phase },
  });

  it("waits for the steps of another one, tells which, and what ends them", async () => {
    const lists = [
      [jobPod("change-a", "Running"), jobPod("backup-a", "Succeeded"), jobPod("assess-b", "Running")],
      [jobPod("change-a", "Running"), jobPod("assess-b", "Running")],
      [jobPod("change-a", "Failed"), jobPod("assess-b", "Running")],
    ];
    const asked: string[] = [];
    const said: string[] = [];
    const pods = async (selector: string) => {
      asked.push(selector);
      return lists.shift() ?? [];
    };
    await others({ pods: { pods }, app: "shop", self: "assess-b", say: (line) => said.push(line), intervalMs: 1 });
    expect(asked).toEqual(Array(3).fill("app=shop,rollback-stacks/database"));
    expect(said).toEqual(["waiting for the end of change-a; to end it: kubectl delete job change"]);
  });
});

describe("after it", () => {
  const printed = (text: string) => sameRevision({ logs: async () => text }, "pod", "current", "0001");

  it("the migration command's last line begins with the revision", async () => {
    expect(await printed("connected\n0001\n")).toEqual({ revision: "0001" });
    expect(await printed("0001 (head)\n")).toEqual({ revision: "0001" });
  });

  it("M5: any other revision is told, with what the command printed", async () => {
    await expect(printed("0002\n")).rejects.toThrow(
      'the database has revision "0002" and not 0001, which the stack says; the migration command printed "0002"\n    mend it with: pulumi config set --path database.revision 0002',
    );
    await expect(printed("")).rejects.toThrow('the database has revision "" and not 0001');
  });
});

describe("what a command of the plan's found", () => {
  const found = (log: string) => told({ logs: async () => log }, "pod", "backup").catch((error: Error) => error.message);

  it("is the last line that it printed, as JSON that names the backup", async () => {
    expect(await found('backed up.\n{"file":"1732190401000","takenAt":"2026-11-21T12:00:01Z"}\n')).toEqual({
      file: "1732190401000",
      takenAt: "2026-11-21T12:00:01Z",
    });
  });

  it.each([["backed up."], ['{"id":1}'], [""], ['{"file":""}'], ["null"]])("is nothing where that is %j", async (line) => {
    expect(await found(line)).toBe(
      `the plan's command for it ended well, and its last line is ${JSON.stringify(line)}; expected JSON with the backup's name as "file"`,
    );
  });
});
