import { describe, expect, it } from "vitest";
import { showBackups } from "../../../cli/data/backups.ts";
import { checksMap, type Step, stepJob } from "../../../cli/data/job.ts";
import { type Output, StepOutput } from "../../../cli/data/output.ts";
import { whyNotStarted } from "../../../cli/data/starting.ts";
import { type DataSystem, dataSystem } from "../../../cli/data/system.ts";
import { told } from "../../../cli/pastLine.ts";
import { workFor } from "../../../cli/report/happened.ts";
import type { Screen } from "../../../cli/screen.ts";
import type { PastUpdate } from "../../../cli/stack/history.ts";
import type { OpenStack } from "../../../cli/stack/open.ts";
import { plans } from "../../../stacks/plans.ts";
import { rollback } from "./operator.ts";

const backup = "2026-11-21T13-00-00-000Z-9f2c1e0b7a54.dump";

describe("what is typed wrongly is told before anything runs", () => {
  it.each([
    ["data chek", "mindmend", "No command registered for `chek`, did you mean `check`?"],
    ["data loss last-night", "mindmend", '"last-night" is not the name of a backup; rollback data backups --stack mindmend lists them'],
    ["data check", "watibot", "stack watibot does not say where its database is: docs/database.md\n"],
    ["data repair rest", "mindmend", "the plan of mindmend has no repair rest.\nIt has none.\n"],
  ])("rollback %s on %s", async (args, stack, said) => {
    const run = await rollback(args.split(" "), { stack });
    expect(run.code).not.toBe(0);
    expect(run.said).toContain(said);
  });
});

describe("a step as a Job", () => {
  const system = async (backups = "mindmend-backups", stack = "mindmend"): Promise<DataSystem> => {
    const database = {
      revision: "0002",
      image: `registry.example/rollback-postgresql@sha256:${"8".repeat(64)}`,
      url: "postgresql://mindmend@postgresql:5432/mindmend",
      passwordSecret: { name: "mindmend-database", key: "password" },
      backups,
    };
    const levers = { database, gcp: { project: "shop-prod-1" } };
    return dataSystem({ name: stack, plan: await plans.mindmend?.(), document: { levers } } as unknown as OpenStack);
  };

  it("has the stack's image, Secret and claim, no rights, ends by itself, and is removed by the cluster where nobody else does", async () => {
    const job = stepJob(await system(), { name: "recover", args: [`/backups/${backup}`, "--confirm"] }, "mindmend-data-recover-1");
    expect(job.spec).toMatchObject({
      backoffLimit: 0,
      activeDeadlineSeconds: 600,
      ttlSecondsAfterFinished: 300,
      template: {
        spec: {
          automountServiceAccountToken: false,
          restartPolicy: "Never",
          securityContext: { runAsNonRoot: true, fsGroup: 65532 },
          containers: [{ name: "recover", args: ["/app/database.mjs", "recover", `/backups/${backup}`, "--confirm"] }],
        },
      },
    });
    const { volumes = [], containers: [{ env = [], image } = {}] = [] } = job.spec?.template.spec ?? {};
    expect(image).toBe(`registry.example/rollback-postgresql@sha256:${"8".repeat(64)}`);
    expect(env.map(({ name }) => name)).not.toContain("EVIDENCE");
    expect(volumes.map(({ name }) => name)).toEqual(["tmp", "database", "backups"]);
    expect(volumes).toContainEqual({ name: "backups", persistentVolumeClaim: { claimName: "mindmend-backups" } });
    expect(volumes).toContainEqual({
      name: "database",
      secret: { secretName: "mindmend-database", items: [{ key: "password", path: "password" }], defaultMode: 0o440 },
    });
  });

  it("finds backups in a bucket in the stack's own folder there, as the service account of the update's Jobs", async () => {
    const template = async (...[name, args]: [Step["name"], string[]]) =>
      stepJob(await system("gs://shop-backups", "acme/rollback-stacks/staging"), { name, args }, "job").spec?.template;
    const loss = await template("loss", [`/backups/${backup}`]);
    expect(loss?.metadata?.annotations).toEqual({ "gke-gcsfuse/volumes": "true" });
    expect(loss?.spec).toMatchObject({ serviceAccountName: "mindmend-database", automountServiceAccountToken: false });
    expect(loss?.spec?.volumes).toContainEqual({
      name: "backups",
      csi: {
        driver: "gcsfuse.csi.storage.gke.io",
        volumeAttributes: { bucketName: "shop-backups", mountOptions: "uid=65532,gid=65532,only-dir=mindmend-staging" },
      },
    });
    const check = await template("check", ["/etc/checks/checks.json"]);
    expect(check?.metadata?.annotations).toBeUndefined();
    expect(check?.spec?.serviceAccountName).toBeUndefined();
    expect(check?.spec?.volumes?.map(({ name }) => name)).toEqual(["tmp", "database"]);
  });

  it("what it reads goes with it", async () => {
    const job = stepJob(
      await system(),
      { name: "check", args: ["/etc/checks/checks.json"], checks: { queries: {} } },
      "mindmend-data-check-1",
    );
    expect(job.spec?.template.spec?.volumes).toContainEqual({ name: "checks", configMap: { name: "mindmend-data-check-1" } });
    expect(checksMap({ ...job, metadata: { ...job.metadata, uid: "4711" } }, { queries: {} })).toMatchObject({
      metadata: {
        name: "mindmend-data-check-1",
        ownerReferences: [{ apiVersion: "batch/v1", kind: "Job", name: "mindmend-data-check-1", uid: "4711" }],
      },
      data: { "checks.json": '{"queries":{}}' },
    });
  });
});

describe("what a step prints", () => {
  /** The log as it was at each look. */
  function printed(exitCode: number, ...logs: string[]): { lines: string[]; output: Output } {
    const lines: string[] = [];
    const output = new StepOutput((line) => lines.push(line));
    for (const log of logs) output.see(log);
    return { lines, output: output.end({ exitCode }) };
  }

  it("is shown line by line, each once, but for the last one, which is its result", () => {
    const { lines, output } = printed(0, "", "a: 1 ro", "a: 1 row\nb: 2 rows\n", 'a: 1 row\nb: 2 rows\n{"confirmed":false}\n');
    expect(lines).toEqual(["a: 1 row", "b: 2 rows"]);
    expect(output).toEqual({ exitCode: 0, result: { confirmed: false }, errors: [] });
  });

  it("is all shown where it failed, but for what was wrong, which is told apart", () => {
    const { lines, output } = printed(
      1,
      "a: 1, as expected\n",
      "a: 1, as expected\ndatabase: b answers 3 instead of 0\ndatabase: nothing was changed\n",
    );
    expect(lines).toEqual(["a: 1, as expected"]);
    expect(output).toEqual({ exitCode: 1, result: undefined, errors: ["b answers 3 instead of 0", "nothing was changed"] });
  });
});

describe("what keeps a step from starting", () => {
  const pod = (status: object) => ({ metadata: { name: "check-1" }, status });
  /** Beside one that the cluster added. */
  const waiting = (reason: string, message?: string) => {
    const added = { name: "added", state: { running: {} } };
    return pod({ containerStatuses: [added, { name: "check", state: { waiting: { reason, message } } }] });
  };
  it.each([
    [
      pod({ conditions: [{ type: "PodScheduled", status: "False", message: "1 Insufficient cpu" }] }),
      "cannot be scheduled: 1 Insufficient cpu",
    ],
    [waiting("ImagePullBackOff", "Back-off pulling image"), "ImagePullBackOff: Back-off pulling image"],
    [waiting("ContainerCreating"), 'MountVolume.SetUp failed: secret "stores" not found'],
  ])("%#", (found, why) => {
    const events = [
      { type: "Normal", message: "Scheduled" },
      { type: "Warning", message: 'MountVolume.SetUp failed: secret "stores" not found' },
    ];
    expect(whyNotStarted(found as never, "check", events as never)).toBe(`pod check-1: ${why}`);
  });

  it("is nothing while it starts as pods do", () => {
    expect(whyNotStarted(waiting("ContainerCreating") as never, "check", [])).toBe("");
  });
});

describe("work on data in the history", () => {
  const past = (message: string, more: Partial<PastUpdate> = {}): PastUpdate => ({
    startedAt: "2026-11-21T13:00:00.000Z",
    endedAt: "2026-11-21T13:00:02.000Z",
    result: "succeeded",
    message,
    levers: {},
    ...more,
  });

  it("has who, why and which incident of its own", () => {
    expect(
      told(past(`rollback data recover ${backup} by ada: rows of 2 pm (INC-7)`, { levers: { change: { incident: "INC-6" } } })),
    ).toEqual({
      at: "2026-11-21T13:00:00.000Z",
      seconds: 2,
      what: `rollback data recover ${backup}`,
      by: "ada",
      why: "rows of 2 pm",
      incident: "INC-7",
      level: null,
      ended: "done",
    });
    expect(told(past("rollback data repair reset cap by bob"))).toMatchObject({
      what: "rollback data repair reset cap",
      by: "bob",
      why: null,
    });
  });

  it("is a part of the incident's report, and no rollback", () => {
    const change = { level: "database", incident: "INC-7", requestedBy: "ada" };
    const restore = past("rollback to database by ada (INC-7)", { levers: { change } });
    const recovery = past(`rollback data recover ${backup} by ada`, { levers: { change } });
    const other = past("rollback data repair reset by bob (INC-8)");
    const happened = {
      change,
      level: undefined,
      what: "rollback to database",
      steps: [restore],
      before: undefined,
      ended: "verified",
    } as const;
    expect(workFor(happened, [other, recovery, restore])).toEqual([restore, recovery]);
  });
});

it("backups are listed with their age, size, proof, and what the last restore had to do with them", () => {
  const lines: string[] = [];
  const screen = {
    print: (line = "") => void lines.push(line),
    columns: 160,
    colors: { yellow: (text: string) => text },
  } as unknown as Screen;
  const [takenAt, restoredAt] = ["2026-11-21T13:00:00.000Z", "2026-11-21T13:00:04.000Z"];
  showBackups(
    [
      { file: backup, takenAt, restoredAt, bytes: 20_000, restore: "before" },
      { file: "by-hand.dump", takenAt: "2026-11-20T13:00:00.000Z", bytes: 3 * 2 ** 20 },
    ],
    screen,
    Date.parse("2026-11-21T13:10:00.000Z"),
  );
  expect(lines).toEqual([
    "backup                                      taken                                size    proved",
    `${backup}  2026-11-21 13:00:00 UTC, 10 min ago  20 KiB  2026-11-21 13:00:04 UTC  taken just before the last restore`,
    "by-hand.dump                                2026-11-20 13:00:00 UTC, 24 h ago    3 MiB   never",
  ]);
});
