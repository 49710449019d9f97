import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import type { DatabaseState } from "../../../components/database/move.ts";
import { checkLevers } from "../../../components/levers/check.ts";
import { definePlan, type Plan } from "../../../components/plan/plan.ts";
import type { ReleaseRecord } from "../../../components/releaseRecord.ts";
import { RollbackPlan } from "../../../components/rollbackPlan.ts";
import { databaseAt, shopWithDatabase, stateAt } from "../guards/database.ts";
import { config, image, leversOf, recordOf, type Sets, set } from "../guards/shop.ts";

// Left out of the SDK's types, though it is what tells that every registration has ended.
const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };

const plan = shopWithDatabase();
const published = { backup: JSON.stringify({ file: "now.dump", sha256: "abc" }) };

interface Made {
  type: string;
  name: string;
  // biome-ignore lint/suspicious/noExplicitAny: inputs are whatever was registered
  inputs: any;
}

interface Update {
  made: Made[];
  record: ReleaseRecord;
}

/** What an update registers, and what it leaves, after one that left the database like this. */
async function update(sets: Sets, database?: DatabaseState, of: Plan = plan): Promise<Update> {
  const made: Made[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, id }) => {
        made.push({ type, name, inputs });
        return { id: name, state: { ...inputs, metadata: { ...inputs.metadata, uid: "uid" }, ...(id && { data: published }) } };
      },
      call: () => ({}),
    },
    "rollback-stacks",
    "revision-test",
  );
  const from = set(config, { canary: undefined, environment: "development", ...sets });
  const before = leversOf(of, set(config, { canary: undefined, environment: "development", ...databaseAt("0002") }));
  const last = database && { ...recordOf(of, before, undefined, new Date(0)), database };
  const release = new RollbackPlan("shop", { plan: of, levers: checkLevers(of, from, "s"), last });
  await waitForRPCs();
  return { made, record: await new Promise((resolve) => release.record.apply(resolve)) };
}

const steps = ({ made }: Update): Made[] =>
  made.filter(({ type, inputs }) => type === "kubernetes:batch/v1:Job" && inputs.metadata.labels["rollback-stacks/database"]);
const stepNames = (done: Update): string[] => steps(done).map(({ inputs }) => inputs.metadata.labels["rollback-stacks/database"]);
const step = (done: Update, name: string) => {
  const found = steps(done).find(({ inputs }) => inputs.metadata.labels["rollback-stacks/database"] === name);
  if (!found) throw new Error(`no step ${name} among ${stepNames(done)}`);
  return found.inputs.spec.template.spec;
};
/** Everything that was registered, in order: tracks by their names, steps by theirs. */
const order = ({ made }: Update): string[] =>
  made.flatMap(({ type, name, inputs }) => {
    if (type === "kubernetes:apps/v1:Deployment") return [name];
    return inputs.metadata?.labels?.["rollback-stacks/database"] && type.endsWith(":Job")
      ? [inputs.metadata.labels["rollback-stacks/database"] as string]
      : [];
  });
const at = (revision: string, more: Partial<DatabaseState> = {}) => stateAt(revision, { image: image("b"), ...more });

describe("the steps of an update", () => {
  it("are one the first time: to see that the database has the revision", async () => {
    expect(stepNames(await update(databaseAt("0002")))).toEqual(["verify"]);
  });

  it("are none without the lever", async () => {
    const { made, record } = await update({});
    expect(made.filter(({ name }) => name.includes("database"))).toEqual([]);
    expect(record).not.toHaveProperty("database");
  });

  it("come before the tracks on the way up", async () => {
    expect(order(await update(databaseAt("0003"), at("0002")))).toEqual(["assess", "backup", "change", "verify", "reports", "shop"]);
  });

  it("M5: are a backup before the tracks on the way down, and the change after them", async () => {
    expect(order(await update(databaseAt("0001"), at("0002")))).toEqual(["assess", "backup", "reports", "shop", "change", "verify"]);
  });

  it("B4: come after the tracks for a restore, whose pods are gone by then", async () => {
    const restore = { maintenance: true, ...databaseAt("0001", { restore: "earlier.dump" }) };
    const done = await update(restore, at("0002"));
    expect(order(done)).toEqual(["shop-maintenance", "reports", "shop", "assess", "backup", "change", "verify"]);
    expect(step(done, "assess").containers[0].args).toEqual([
      "/app/database.mjs",
      "assess",
      "--folder",
      "/backups",
      "--restore",
      "/backups/earlier.dump",
    ]);
    const { initContainers, containers } = step(done, "change");
    expect([...initContainers, ...containers].map(({ args }: { args: string[] }) => args)).toEqual([
      ["/app/database.mjs", "quiet", "shop"],
      ["/app/database.mjs", "restore", "/backups/earlier.dump"],
    ]);
  });

  it("wait first for the steps of every other update, and go with their evidence", async () => {
    const done = await update(databaseAt("0001"), at("0002"));
    const initial = Object.fromEntries(stepNames(done).map((name) => [name, step(done, name).initContainers?.[0].args?.slice(1)]));
    expect(initial).toMatchObject({ assess: ["others", "shop", "$(POD_NAME)"], change: ["quiet", "shop", expect.anything()] });
    expect(initial.backup).toBeUndefined();
    const owners = steps(done).map(({ inputs }) => inputs.metadata.ownerReferences);
    const [evidence] = done.made.filter(({ name }) => name.startsWith("shop-database-evidence"));
    for (const owner of owners) expect(owner).toEqual([{ apiVersion: "v1", kind: "ConfigMap", name: evidence?.name, uid: "uid" }]);
  });

  it("are noted in the state as begun before the database changes", async () => {
    const { made } = await update(databaseAt("0001"), at("0002"));
    const names = made.map(({ name }) => name.replace(/-[0-9a-f]{10}$/, ""));
    const [backup, begun, change] = ["backup", "begun", "change"].map((part) => names.indexOf(`shop-database-${part}`));
    expect(begun).toBeGreaterThan(backup as number);
    expect(change).toBeGreaterThan(begun as number);
    expect(names.indexOf("shop")).toBeLessThan(begun as number);
  });

  it("M5: change the database by the image of before, when the last pod of another release has ended", async () => {
    const { initContainers, containers } = step(await update(databaseAt("0001"), at("0002")), "change");
    expect(initContainers[0].args).toEqual(["/app/database.mjs", "quiet", "shop", expect.stringMatching(/^[0-9a-f]{10}$/)]);
    expect(containers[0]).toMatchObject({ image: image("b"), command: ["migrate", "to", "0001"] });
  });

  it("ask the app's own command for the revision, and compare what it printed", async () => {
    const { initContainers, containers } = step(await update(databaseAt("0003"), at("0002")), "verify");
    expect(initContainers[0]).toMatchObject({ name: "current", image: image("a"), command: ["migrate", "current"] });
    expect(containers[0].args).toEqual(["/app/database.mjs", "revision", "$(POD_NAME)", "current", "0003"]);
  });

  it("B12: ask a backup every question of the plan, and the revision that is gone to those that it has the tables for", async () => {
    const query = { kind: "integrity", sql: "SELECT 0", expect: 0 } as const;
    const questions = { orphans: { ...query, title: "Orphans" }, late: { ...query, title: "Late", since: "0002" } };
    const asked = definePlan({ ...plan, queries: questions });
    const done = await update(databaseAt("0001"), at("0002"), asked);
    const [checks] = done.made.filter(({ name }) => name.startsWith("shop-database-checks"));
    const names = (file: string) => Object.keys(JSON.parse(checks?.inputs.data[file]).queries);
    expect([names("checks.json"), names("backup.json")]).toEqual([["orphans"], ["orphans", "late"]]);
    expect(step(done, "backup").containers[0].args).toEqual([
      "/app/database.mjs",
      "backup",
      "/backups",
      "--checks",
      "/etc/checks/backup.json",
    ]);
    expect(step(done, "verify").containers[0].args).toEqual(["/app/database.mjs", "check", "/etc/checks/checks.json"]);
  });

  it("delete no backup on a way back, none that the last verified update or the stack names, and none at all where the stack does not say how many are kept", async () => {
    const last = at("0002", { restore: "older.dump", evidence: { backup: { file: "newest.dump" } } });
    const args = async (...sets: Parameters<typeof databaseAt>) =>
      step(await update(databaseAt(...sets), last), "backup").containers[0].args;
    const named = ["--spare", "newest.dump", "--spare", "older.dump"];
    expect(await args("0003", { keepBackups: 5 })).toEqual(["/app/database.mjs", "backup", "/backups", "--keep", "5", ...named]);
    expect(await args("0001", { keepBackups: 5 })).toEqual(["/app/database.mjs", "backup", "/backups"]);
    expect(await args("0003")).toEqual(["/app/database.mjs", "backup", "/backups"]);
  });

  it("of a managed database back it up and restore it by the plan's own commands, in the provider's image", async () => {
    const managed = { image: image("7"), env: { INSTANCE: "shop" } };
    const lever = { backups: undefined, managed };
    const pod = async (name: string, ...args: Parameters<typeof update>) => {
      const { initContainers = [], containers } = step(await update(...args), name);
      return [...initContainers, ...containers].map(({ image: of, command, args: given }) => [
        of === managed.image,
        command ?? given.slice(1),
      ]);
    };
    const down = databaseAt("0001", lever);
    expect(stepNames(await update(down, at("0002")))).toEqual(["assess", "backup", "change", "verify"]);
    const assess = [
      [false, ["others", "shop", "$(POD_NAME)"]],
      [false, ["assess"]],
    ];
    expect(await pod("assess", down, at("0002"))).toEqual(assess);
    expect(await pod("backup", down, at("0002"))).toEqual([
      [true, ["provider", "back-up"]],
      [false, ["told", "backup", "$(POD_NAME)", "backup"]],
    ]);
    const restore = { maintenance: true, ...databaseAt("0001", { ...lever, restore: "1732190401000" }) };
    expect(await pod("assess", restore, at("0001"))).toEqual(assess);
    expect(await pod("change", restore, at("0001"))).toEqual([
      [false, ["quiet", "shop"]],
      [true, ["provider", "restore"]],
      [false, ["told", "restore", "$(POD_NAME)", "change"]],
    ]);
    const {
      initContainers: [provider],
      containers: [told],
    } = step(await update(restore, at("0001")), "backup");
    expect(told.volumeMounts.map(({ name }: { name: string }) => name)).toContain("account");
    expect(provider.env).toEqual([
      { name: "HOME", value: "/tmp" },
      { name: "INSTANCE", value: "shop" },
      { name: "BACKUP", value: expect.stringMatching(/^shop-database-[0-9a-f]{10}$/) },
    ]);
    expect(provider.volumeMounts).toEqual([{ name: "tmp", mountPath: "/tmp" }]);
  });

  it("show the service account's token and the backups to PostgreSQL's programs alone, and no password to anything but files", async () => {
    const done = await update(databaseAt("0001"), at("0002"));
    const pods = ["assess", "backup", "change", "verify"].map((name) => step(done, name));
    for (const pod of pods) {
      const all = [...(pod.initContainers ?? []), ...pod.containers];
      const sees = (mount: string) =>
        all.filter(({ volumeMounts }) => volumeMounts.some(({ name }: { name: string }) => name === mount)).map(({ image: of }) => of);
      expect(pod.automountServiceAccountToken).toBe(false);
      expect(sees("account").every((of) => of === image("d"))).toBe(true);
      expect(sees("backups").every((of) => of === image("d"))).toBe(true);
      expect(sees("database")).toHaveLength(all.length);
    }
    expect(step(done, "backup").volumes).toContainEqual({ name: "backups", persistentVolumeClaim: { claimName: "backups" } });
  });

  it("may change nothing in the cluster but where their evidence goes", async () => {
    const { made } = await update(databaseAt("0001"), at("0002"));
    const [role] = made.filter(({ type }) => type === "kubernetes:rbac.authorization.k8s.io/v1:Role");
    expect(role?.inputs.rules).toEqual([
      {
        apiGroups: [""],
        resources: ["configmaps"],
        resourceNames: [expect.stringMatching(/^shop-database-evidence-/)],
        verbs: ["get", "patch"],
      },
      { apiGroups: [""], resources: ["pods", "pods/log"], verbs: ["get", "list"] },
    ]);
  });
});

describe("the record", () => {
  it("has the revision, the run, the image that knows it and the backup's evidence", async () => {
    const { record } = await update(databaseAt("0001"), at("0002"));
    expect(record.database).toEqual({
      revision: "0001",
      run: { number: 2, way: "down", revision: "0001" },
      image: image("a"),
      evidence: { backup: { file: "now.dump", sha256: "abc" } },
    });
  });

  it("keeps what proves the backup while nothing changes, and its Jobs their names", async () => {
    const down = await update(databaseAt("0001"), at("0002"));
    const after = await update(databaseAt("0001"), down.record.database);
    expect(after.record.database).toEqual(down.record.database);
    expect(steps(after).map(({ name }) => name)).toEqual(steps(down).map(({ name }) => name));
  });
});

describe("the record's keys come back in the alphabet's order", () => {
  const sorted = (run: DatabaseState["run"]) => Object.fromEntries(Object.entries(run).sort()) as unknown as DatabaseState["run"];

  it("and while nothing changes, no verification is asked for again and no object is another", async () => {
    const query = { title: "Orphans", kind: "integrity", sql: "SELECT 0", expect: 0 } as const;
    const asked = definePlan({ ...plan, queries: { orphans: query } });
    const name = ({ made }: Update) =>
      made.find(({ type, name: of }) => type.endsWith(":Job") && of === "shop-verification")?.inputs.metadata.name;
    const down = await update(databaseAt("0001"), at("0002"), asked);
    const { database } = down.record;
    const again = await update(databaseAt("0001"), database && { ...database, run: sorted(database.run) }, asked);
    expect(name(again)).toMatch(/^shop-verification-/);
    expect(name(again)).toBe(name(down));
    const marks = ({ made }: Update) =>
      made.flatMap(({ name: of, inputs }) => (of.startsWith("shop-database-") ? [[of, inputs.metadata?.annotations]] : [])).sort();
    expect(marks(again)).toEqual(marks(down));
  });
});

describe("an update that may lose data", () => {
  it("is refused by the program itself, without any policy pack, before any resource of it", async () => {
    const restore = databaseAt("0001", { restore: "earlier.dump" });
    await expect(update(restore, at("0002"))).rejects.toThrow(
      /^This update may lose data\. Nothing was changed\.\n {2}maintenance: is off, and earlier\.dump is to be restored; .*\n {4}mend it with: pulumi config rm /,
    );
  });
});
