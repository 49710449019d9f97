import { describe, expect, it } from "vitest";
import { checkLevers } from "../../../components/levers/check.ts";
import { definePlan, type PlanInput } from "../../../components/plan/plan.ts";
import type { ReleaseRecord } from "../../../components/releaseRecord.ts";
import mindmend from "../../../stacks/mindmend.ts";
import { stateAt } from "../guards/database.ts";
import { recordOf } from "../guards/shop.ts";
import { deploy, find, image, mindmendLevers, type Registered } from "./deploy.ts";

const plan = definePlan({ ...mindmend, maintenance: { title: "Back soon", text: "We are at work." } } as PlanInput);
const database = {
  revision: "0002",
  image,
  url: "postgresql://app@postgresql:5432/app",
  passwordSecret: { name: "stores", key: "password" },
  backups: "gs://shop-backups",
};
const levers = { ...mindmendLevers, environment: "development", maintenance: "true", verification: { image }, database };

/** A stack whose database has revision 0002 goes to another one. */
const goes = (change: Partial<typeof database> & { restore?: string }): Promise<Registered[]> => {
  const before: ReleaseRecord = recordOf(plan, checkLevers(plan, levers, "s"), undefined, new Date(0));
  const last = { ...before, database: stateAt("0002", { image }) };
  return deploy(plan, { ...levers, database: { ...database, ...change } }, undefined, last);
};

const jobOf = (registered: Registered[], step: string) =>
  find(registered, "kubernetes:batch/v1:Job", new RegExp(`^mindmend-database-${step}-`));
const templateOf = (registered: Registered[], step: string) => jobOf(registered, step).inputs.spec.template;

describe("backups in a bucket", () => {
  it("are reached by the database's Jobs alone, as a service account that may do nothing else", async () => {
    const registered = await deploy(plan, levers);
    expect(find(registered, "gcp:serviceaccount/account:Account", /backups/).inputs).toEqual({
      project: "shop-prod-1",
      accountId: "mindmend-test-backups",
      displayName: "Backups of mindmend, stack mindmend-test",
    });
    expect(find(registered, "gcp:storage/bucketIAMMember:BucketIAMMember").inputs).toEqual({
      bucket: "shop-backups",
      role: "roles/storage.objectUser",
      member: "serviceAccount:mindmend-test-backups@shop-prod-1.iam.gserviceaccount.com",
    });
    expect(find(registered, "gcp:serviceaccount/iAMMember:IAMMember", /backups/).inputs).toEqual({
      serviceAccountId: "projects/shop-prod-1/serviceAccounts/mindmend-test-backups@shop-prod-1.iam.gserviceaccount.com",
      role: "roles/iam.workloadIdentityUser",
      member: "serviceAccount:shop-prod-1.svc.id.goog[shop/mindmend-database]",
    });
    expect(find(registered, "kubernetes:core/v1:ServiceAccount", /^mindmend-database$/).inputs.metadata).toEqual({
      name: "mindmend-database",
      labels: { app: "mindmend" },
      annotations: { "iam.gke.io/gcp-service-account": "mindmend-test-backups@shop-prod-1.iam.gserviceaccount.com" },
    });
  });

  it("are none of the stack's own: no update makes the bucket, or deletes it", async () => {
    const registered = await deploy(plan, levers);
    expect(registered.filter(({ type }) => /bucket:Bucket$/i.test(type))).toEqual([]);
  });

  it("are mounted from the stack's own folder, by the steps that work on them, which say so to GKE", async () => {
    const registered = await goes({ revision: "0001" });
    for (const step of ["assess", "backup"]) {
      const { metadata, spec } = templateOf(registered, step);
      expect(metadata.annotations).toEqual({ "gke-gcsfuse/volumes": "true" });
      expect(spec.serviceAccountName).toBe("mindmend-database");
      expect(spec.volumes).toContainEqual({
        name: "backups",
        csi: {
          driver: "gcsfuse.csi.storage.gke.io",
          volumeAttributes: { bucketName: "shop-backups", mountOptions: "uid=65532,gid=65532,only-dir=mindmend-test" },
        },
      });
      expect(spec.containers[0].volumeMounts).toContainEqual({ name: "backups", mountPath: "/backups" });
    }
    for (const step of ["change", "verify"]) {
      const { metadata, spec } = templateOf(registered, step);
      expect(metadata.annotations).toBeUndefined();
      expect(spec.volumes.map(({ name }: { name: string }) => name)).not.toContain("backups");
    }
  });

  it("are mounted by no container that runs before a Job's last one: before GKE 1.29 the bucket is not there yet", async () => {
    const registered = await goes({ revision: "0002", restore: "earlier.dump" });
    for (const step of ["assess", "change"]) {
      const { initContainers, containers } = templateOf(registered, step).spec;
      const mounts = (of: { volumeMounts: { name: string }[] }[]) => of.map(({ volumeMounts }) => volumeMounts.map(({ name }) => name));
      expect(mounts(initContainers).flat()).not.toContain("backups");
      expect(mounts(containers)).toEqual([expect.arrayContaining(["backups"])]);
    }
  });

  it("are dumped from the beginning to the end, as a bucket takes them; those on a volume are not", async () => {
    const args = async (backups: string) => templateOf(await goes({ revision: "0001", backups }), "backup").spec.containers[0].args;
    expect(await args("gs://shop-backups")).toEqual(expect.arrayContaining(["backup", "/backups", "--sequential"]));
    expect(await args("backups")).not.toContain("--sequential");
  });

  it("have their rights before the first step of an update", async () => {
    const registered = await goes({ revision: "0001" });
    const { there } = jobOf(registered, "assess");
    expect(there).toContain(find(registered, "gcp:storage/bucketIAMMember:BucketIAMMember"));
    expect(there).toContain(find(registered, "gcp:serviceaccount/iAMMember:IAMMember", /backups/));
  });

  it("ask nothing more of Google Cloud when the stack goes back", async () => {
    const inGoogleCloud = (registered: Registered[]) =>
      registered.filter(({ type }) => type.startsWith("gcp:")).map(({ type, name, inputs }) => ({ type, name, inputs }));
    expect(inGoogleCloud(await goes({ revision: "0001" }))).toEqual(inGoogleCloud(await deploy(plan, levers)));
  });

  it("on a volume have nothing of the kind", async () => {
    const registered = await deploy(plan, { ...levers, database: { ...database, backups: "backups" } });
    expect(registered.filter(({ name, type }) => type.startsWith("gcp:") && name.includes("backups"))).toEqual([]);
    expect(find(registered, "kubernetes:core/v1:ServiceAccount", /^mindmend-database$/).inputs.metadata).toEqual({
      name: "mindmend-database",
      labels: { app: "mindmend" },
    });
  });
});
