import { describe, expect, it } from "vitest";
import { projectWide } from "../../../components/gcp/names.ts";
import { definePlan, type PlanInput } from "../../../components/plan/plan.ts";
import mindmend from "../../../stacks/mindmend.ts";
import watibot from "../../../stacks/watibot.ts";
import { deploy, find, image, mindmendLevers, type Registered, watibotLevers } from "./deploy.ts";

const { gcp: _, ...withoutGcp } = mindmendLevers;
const googles = (registered: Registered[]) => registered.filter(({ type }) => /gcp|PodMonitoring|ServiceAccount/.test(type));
const podSpec = (registered: Registered[]) =>
  find(registered, "kubernetes:apps/v1:Deployment", /^mindmend-backend$/).inputs.spec.template.spec;
const pods = "serviceAccount:mindmend-test-pods@shop-prod-1.iam.gserviceaccount.com";

describe("a stack without the gcp lever", () => {
  it("has nothing of Google Cloud, and pods as ever", async () => {
    const registered = await deploy(mindmend, withoutGcp);
    expect(googles(registered)).toEqual([]);
    expect(podSpec(registered)).not.toHaveProperty("serviceAccountName");
  });

  it("is the same where Pulumi.yaml's default leaves the lever empty", async () => {
    expect(googles(await deploy(mindmend, { ...withoutGcp, gcp: {} }))).toEqual([]);
  });
});

describe("the pods' identity", () => {
  it("is a service account of their own, which only the pods' Kubernetes service account may act as", async () => {
    const registered = await deploy(mindmend, mindmendLevers);
    expect(find(registered, "gcp:serviceaccount/account:Account").inputs).toEqual({
      project: "shop-prod-1",
      accountId: "mindmend-test-pods",
      displayName: "Pods of mindmend, stack mindmend-test",
    });
    expect(find(registered, "kubernetes:core/v1:ServiceAccount").inputs).toMatchObject({
      metadata: {
        name: "mindmend",
        annotations: { "iam.gke.io/gcp-service-account": "mindmend-test-pods@shop-prod-1.iam.gserviceaccount.com" },
      },
      automountServiceAccountToken: false,
    });
    expect(find(registered, "gcp:serviceaccount/iAMMember:IAMMember").inputs).toEqual({
      serviceAccountId: "projects/shop-prod-1/serviceAccounts/mindmend-test-pods@shop-prod-1.iam.gserviceaccount.com",
      role: "roles/iam.workloadIdentityUser",
      member: "serviceAccount:shop-prod-1.svc.id.goog[shop/mindmend]",
    });
  });

  it("is there before the pods that run with it", async () => {
    const registered = await deploy(mindmend, mindmendLevers);
    expect(podSpec(registered)).toMatchObject({ serviceAccountName: "mindmend", automountServiceAccountToken: false });
    const { there } = find(registered, "kubernetes:apps/v1:Deployment", /^mindmend-backend$/);
    expect(there).toContain(find(registered, "gcp:serviceaccount/iAMMember:IAMMember"));
  });

  it("is that of the workers too, which call the same providers", async () => {
    const drainSeconds = 30;
    const workers = { jobs: { deployment: "watibot3-jobs", command: ["jobs"], replicas: 1, drainSeconds } };
    const registered = await deploy(definePlan({ ...watibot, workers } as PlanInput), watibotLevers);
    const worker = find(registered, "kubernetes:apps/v1:Deployment", /^watibot3-jobs$/);
    expect(worker.inputs.spec.template.spec.serviceAccountName).toBe("watibot3");
  });

  it("is made of no key", async () => {
    expect((await deploy(watibot, watibotLevers)).filter(({ type }) => /key/i.test(type))).toEqual([]);
  });
});

describe("the right to call Vertex AI", () => {
  const roles = (registered: Registered[]) => registered.filter(({ type }) => type === "gcp:projects/iAMMember:IAMMember");

  it("has a system that knows the provider vertex, before its pods start", async () => {
    const registered = await deploy(watibot, watibotLevers);
    const [role] = roles(registered);
    expect(role?.inputs).toEqual({
      project: "shop-prod-1",
      role: "roles/aiplatform.user",
      member: "serviceAccount:watibot-test-pods@shop-prod-1.iam.gserviceaccount.com",
    });
    expect(find(registered, "kubernetes:apps/v1:Deployment", /^watibot3$/).there).toContain(role);
  });

  it("has no other", async () => {
    expect(roles(await deploy(mindmend, mindmendLevers))).toEqual([]);
  });
});

describe("credentials in Secret Manager", () => {
  const secret = "gcp:secretmanager/secret:Secret";
  const version = "gcp:secretmanager/secretVersion:SecretVersion";

  it("are one secret each, which the pods may read and nobody else gets", async () => {
    const registered = await deploy(mindmend, mindmendLevers);
    expect(find(registered, secret, /openai/).inputs).toEqual({
      project: "shop-prod-1",
      secretId: "mindmend-test-openai-apikey",
      labels: { app: "mindmend" },
      replication: { auto: {} },
    });
    const access = registered.filter(({ type }) => type === "gcp:secretmanager/secretIamMember:SecretIamMember");
    expect(access.map(({ inputs }) => inputs)).toEqual(
      ["openai", "gemini"].map((provider) => ({
        project: "shop-prod-1",
        secretId: `mindmend-test-${provider}-apikey`,
        role: "roles/secretmanager.secretAccessor",
        member: pods,
      })),
    );
  });

  it("stay in the region that the stack names", async () => {
    const registered = await deploy(mindmend, { ...mindmendLevers, gcp: { project: "shop-prod-1", location: "europe-west1" } });
    expect(find(registered, secret, /openai/).inputs.replication).toEqual({ userManaged: { replicas: [{ location: "europe-west1" }] } });
  });

  it("have a version for each value, named by it, so that a rotated one is made before the one of before is disabled", async () => {
    const before = find(await deploy(mindmend, mindmendLevers), version, /openai/);
    const rotated = { ...mindmendLevers, credentials: { ...mindmendLevers.credentials, openai: { apiKey: "sk-two" } } };
    const after = find(await deploy(mindmend, rotated), version, /openai/);
    expect(after.name).not.toBe(before.name);
    expect(after.inputs).toMatchObject({ secret: "projects/shop-prod-1/secrets/mindmend-test-openai-apikey", deletionPolicy: "DISABLE" });
  });

  it("are there before the cluster has them", async () => {
    const registered = await deploy(mindmend, mindmendLevers);
    expect(find(registered, "kubernetes:core/v1:Secret", /openai/).there).toContain(find(registered, version, /openai/));
  });

  it("are secrets to Pulumi, and in plain nowhere else", async () => {
    const registered = await deploy(mindmend, mindmendLevers);
    const plain = registered.filter(({ inputs }) => /sk-one|key-two/.test(JSON.stringify(inputs)));
    expect(plain.map(({ type }) => type).sort()).toEqual([version, version, "kubernetes:core/v1:Secret", "kubernetes:core/v1:Secret"]);
    const sealed = "4dabf18193072939515e22adb298388d";
    for (const { inputs } of plain) expect((inputs.secretData ?? inputs.stringData)[sealed]).toBeDefined();
  });
});

describe("M9: the canary's logs", () => {
  it("go to a bucket of their own and are kept there for 90 days, the stack's other pods' do not", async () => {
    const registered = await deploy(mindmend, mindmendLevers);
    expect(find(registered, "gcp:logging/projectBucketConfig:ProjectBucketConfig").inputs).toMatchObject({
      project: "shop-prod-1",
      location: "global",
      bucketId: "mindmend-test-canary-logs",
      retentionDays: 90,
    });
    expect(find(registered, "gcp:logging/projectSink:ProjectSink").inputs).toMatchObject({
      project: "shop-prod-1",
      name: "mindmend-test-canary-logs",
      destination: "logging.googleapis.com/projects/shop-prod-1/locations/global/buckets/mindmend-test-canary-logs",
      filter: [
        'resource.type="k8s_container"',
        'resource.labels.namespace_name="shop"',
        'labels."k8s-pod/app"="mindmend"',
        'labels."k8s-pod/version"="gemini"',
      ].join("\n"),
    });
  });

  it("stay when the stack goes", async () => {
    const registered = await deploy(mindmend, mindmendLevers);
    expect(find(registered, "gcp:logging/projectBucketConfig:ProjectBucketConfig").inputs.deletionPolicy).toBe("ABANDON");
  });

  it("are kept where and for as long as the stack says", async () => {
    const gcp = { project: "shop-prod-1", location: "europe-west1", logRetentionDays: 400 };
    const registered = await deploy(mindmend, { ...mindmendLevers, gcp });
    const { inputs } = find(registered, "gcp:logging/projectBucketConfig:ProjectBucketConfig");
    expect(inputs).toMatchObject({ location: "europe-west1", retentionDays: 400 });
  });
});

it("Managed Service for Prometheus collects the pods' metrics under the name that the alerts look for", async () => {
  const registered = await deploy(watibot, watibotLevers);
  expect(find(registered, "kubernetes:monitoring.googleapis.com/v1:PodMonitoring").inputs).toMatchObject({
    metadata: { name: "watibot3" },
    spec: { selector: { matchLabels: { app: "watibot3" } }, endpoints: [{ port: "http", path: "/metrics", interval: "30s" }] },
  });
});

it("a rollback changes nothing in Google Cloud, so that it does not wait for it", async () => {
  const inGoogleCloud = async (levers: object) => {
    const registered = await deploy(mindmend, { ...mindmendLevers, ...levers });
    const own = registered.filter(({ type }) => type.startsWith("gcp:"));
    return new Map(own.map(({ type, name, inputs }) => [`${type} ${name}`, inputs]));
  };
  const before = await inGoogleCloud({});
  expect(before.size).toBeGreaterThan(10);
  expect(await inGoogleCloud({ aiProvider: "openai" })).toEqual(before);
  expect(await inGoogleCloud({ canary: { image, weight: 0 } })).toEqual(before);
  expect(await inGoogleCloud({ canary: {}, change: { level: "container" } })).toEqual(before);
});

describe("names in a project that stacks share", () => {
  it("tell the stack, and the system where the stack's name does not", async () => {
    await deploy(mindmend, withoutGcp, "mindmend");
    expect(projectWide("mindmend", "pods", 30)).toBe("mindmend-pods");
    await deploy(mindmend, withoutGcp, "Prod_eu");
    expect(projectWide("mindmend", "pods", 30)).toBe("mindmend-prod-eu-pods");
  });

  it("end in a hash where they would be too long, so that they stay different", async () => {
    await deploy(mindmend, withoutGcp, "mindmend-a-very-long-name-of-a-stack");
    const first = projectWide("mindmend", "pods", 30);
    await deploy(mindmend, withoutGcp, "mindmend-a-very-long-name-of-another-stack");
    const second = projectWide("mindmend", "pods", 30);
    expect([first.length, second.length]).toEqual([30, 30]);
    expect(first).not.toBe(second);
  });
});
