import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import { checkLevers } from "../../components/levers/check.ts";
import { LeverError } from "../../components/levers/errors.ts";
import type { Plan, Probe, Query } from "../../components/plan/plan.ts";
import { verificationOf } from "../../components/plan/verification.ts";
import { integrityOf, planVerification } from "../../components/planVerification.ts";
import { Verification, type VerificationArgs } from "../../components/verification.ts";
import chat from "../../stacks/chat.ts";
import easymo from "../../stacks/easymo.ts";
import wabot from "../../stacks/wabot.ts";
import watibot from "../../stacks/watibot.ts";
import { planWith } from "./flags/plans.ts";

// Left out of the SDK's types, though it is what tells that every registration has ended.
const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };

const image = `registry.example/operations@sha256:${"c".repeat(64)}`;
const stable = `registry.example/app@sha256:${"a".repeat(64)}`;
const health: Probe = { type: "http", title: "health", path: "/health", status: 200 };
const runs: Probe = { type: "image", title: "the image runs", selector: "app=shop", lever: "stable.image" };

// biome-ignore lint/suspicious/noExplicitAny: inputs are whatever was registered
let registered: { type: string; name: string; inputs: any }[];

beforeEach(async () => {
  registered = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        registered.push({ type, name, inputs });
        return { id: name, state: inputs };
      },
      call: () => ({}),
    },
    "rollback-stacks",
    "shop-test",
  );
});

const args: VerificationArgs = {
  after: [],
  image,
  app: "shop",
  container: "app",
  probes: [health],
  leverValues: {},
  release: { tracks: ["one"] },
  settleSeconds: 33,
  timeoutSeconds: 93,
};

async function made(change: Partial<VerificationArgs> = {}) {
  registered = [];
  new Verification("shop-verification", { ...args, ...change });
  await waitForRPCs();
  const one = (kind: string) => registered.find(({ type }) => type.endsWith(`:${kind}`))?.inputs;
  return { job: one("Job"), configMap: one("ConfigMap"), role: one("Role"), binding: one("RoleBinding"), account: one("ServiceAccount") };
}

describe("the verification Job", () => {
  it("is told the probes by an immutable ConfigMap that is named by its content", async () => {
    const { job, configMap } = await made();
    expect(configMap.immutable).toBe(true);
    expect(JSON.parse(configMap.data["order.json"])).toEqual({
      url: "http://shop",
      container: "app",
      requestTimeoutSeconds: 15,
      patienceSeconds: { requests: 15, cluster: 33 },
      leverValues: {},
      probes: [health],
    });
    expect(job.spec.template.spec.volumes).toEqual([{ name: "order", configMap: { name: configMap.metadata.name } }]);
    expect((await made({ probes: [runs] })).configMap.metadata.name).not.toBe(configMap.metadata.name);
  });

  it("runs when the release, a probe or the image differs, and not otherwise", async () => {
    const name = async (change?: Partial<VerificationArgs>) => (await made(change)).job.metadata.name;
    const first = await name();
    expect(await name()).toBe(first);
    const others = [await name({ release: { tracks: ["two"] } }), await name({ probes: [health, runs] }), await name({ image: stable })];
    expect(new Set([first, ...others]).size).toBe(4);
  });

  it("tries once: what may take a moment, the program itself waits for", async () => {
    const { job } = await made();
    expect(job.spec.backoffLimit).toBe(0);
    expect(job.spec.template.spec.restartPolicy).toBe("Never");
    expect(job.metadata.annotations).toEqual({ "pulumi.com/replaceUnready": "true" });
  });

  it("may read pods and their logs, and nothing else", async () => {
    const { job, role, binding, account } = await made();
    expect(role.rules).toEqual([{ apiGroups: [""], resources: ["pods", "pods/log"], verbs: ["get", "list"] }]);
    expect(binding.roleRef).toEqual({ apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "shop-verification" });
    expect(binding.subjects).toEqual([{ kind: "ServiceAccount", name: "shop-verification" }]);
    expect(account.automountServiceAccountToken).toBe(false);
    expect(job.spec.template.spec.serviceAccountName).toBe("shop-verification");
  });

  it("runs as nobody on a read-only root, out of the Service's and the probes' sight", async () => {
    const { template } = (await made()).job.spec;
    expect(template.metadata.labels).toEqual({ app: "shop-verification" });
    expect(template.spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 65532 });
    expect(template.spec.containers[0].securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
  });
});

describe("the Job of a system with a database", () => {
  const query: Query = { title: "Orphans", kind: "integrity", rows: [], kept: false, sql: "SELECT 0", expect: 0 };
  const integrity = {
    url: "postgresql://app@postgresql:5432/app",
    passwordSecret: { name: "stores", key: "password" },
    checks: { queries: { orphans: query }, repairs: {} },
  };

  it("is told what the data have to answer, where they are, and the password by a file alone", async () => {
    const { job, configMap } = await made({ integrity });
    expect(JSON.parse(configMap.data["order.json"]).integrity).toEqual({ checks: integrity.checks, timeoutSeconds: 30 });
    const { containers, volumes, securityContext } = job.spec.template.spec;
    expect(containers[0].env).toEqual([
      { name: "DATABASE_URL", value: integrity.url },
      { name: "DATABASE_PASSWORD_FILE", value: "/etc/database/password" },
    ]);
    expect(containers[0].volumeMounts).toContainEqual({ name: "database", mountPath: "/etc/database", readOnly: true });
    const secret = { secretName: "stores", items: [{ key: "password", path: "password" }], defaultMode: 0o440 };
    expect(volumes).toContainEqual({ name: "database", secret });
    expect(securityContext.fsGroup).toBe(65532);
  });

  it("M7: is told that there is a cache, where, and its password by a file alone", async () => {
    const cache = { url: "redis://redis:6379/0", passwordSecret: { name: "stores", key: "redis" } };
    const { job, configMap } = await made({ cache, integrity });
    expect(JSON.parse(configMap.data["order.json"]).cache).toEqual({ timeoutSeconds: 5 });
    const { containers, volumes, securityContext } = job.spec.template.spec;
    expect(containers[0].env).toEqual([
      { name: "DATABASE_URL", value: integrity.url },
      { name: "DATABASE_PASSWORD_FILE", value: "/etc/database/password" },
      { name: "CACHE_URL", value: cache.url },
      { name: "CACHE_PASSWORD_FILE", value: "/etc/cache/redis" },
    ]);
    expect(containers[0].volumeMounts).toContainEqual({ name: "cache", mountPath: "/etc/cache", readOnly: true });
    const secret = { secretName: "stores", items: [{ key: "redis", path: "redis" }], defaultMode: 0o440 };
    expect(volumes).toContainEqual({ name: "cache", secret });
    expect(securityContext.fsGroup).toBe(65532);
  });

  it("runs when a check differs", async () => {
    const name = async (of: VerificationArgs["integrity"]) => (await made({ integrity: of })).job.metadata.name;
    const checks = { queries: { orphans: { ...query, expect: 1 } }, repairs: {} };
    expect(await name({ ...integrity, checks })).not.toBe(await name(integrity));
  });
});

describe("what is verified", () => {
  const plan = { ...planWith({}), verification: [health] };
  const base = {
    system: "shop",
    aiProvider: "gemini",
    stable: { image: stable },
    credentials: { openai: { apiKey: "sk-one" }, gemini: { apiKey: "key-two" } },
  };
  const verified = (levers: Record<string, unknown>, of: Plan = plan) =>
    planVerification(of, checkLevers(of, { ...base, ...levers }, "s"), {});
  const level = { ...(plan.levels.provider as (typeof plan.levels)[string]), rtoSeconds: 20, verification: [health, runs] };
  const withLevel = { ...plan, levels: { provider: level } };

  it("is nothing where the stack names no image for it, or the plan no probe", () => {
    expect(verified({})).toBeUndefined();
    expect(verified({ verification: {} })).toBeUndefined();
    expect(verified({ verification: { image } }, { ...plan, verification: [] })).toBeUndefined();
  });

  it("is nothing in maintenance, where no probe of the system can hold", () => {
    const page = { title: "Down", text: "Back soon", retryAfterSeconds: 60 };
    expect(verified({ verification: { image }, maintenance: true }, { ...plan, maintenance: page })).toBeUndefined();
  });

  it("is what the plan says of every update", () => {
    expect(verified({ verification: { image } })).toEqual({
      image,
      app: "shop",
      container: "app",
      probes: [health],
      leverValues: {},
      release: {},
      settleSeconds: 33,
      timeoutSeconds: 95,
    });
  });

  it("is, beside that, what the level says that the change carries out, within its objective", () => {
    expect(verified({ verification: { image }, aiProvider: "openai", change: { level: "provider" } }, withLevel)).toMatchObject({
      probes: [health, runs],
      leverValues: { "stable.image": stable },
      settleSeconds: 20,
      timeoutSeconds: 82,
    });
  });

  it("leaves out what the level says until the last of its steps, where steps before it would fail by it", () => {
    const full = easymo.levels.full as NonNullable<typeof easymo.levels.full>;
    const credentials = { openai: { apiKey: "sk-one" } };
    const on = { system: "easymo", aiProvider: "openai", credentials, verification: { image }, change: { level: "full" } };
    const titles = (levers: object) =>
      verified({ ...on, previous: { image }, flags: easymo.before.flags, ...levers }, easymo)?.probes.map(({ title }) => title);
    const always = easymo.verification.map(({ title }) => title);
    const flags = { ...easymo.before.flags, agents: "false" };
    const gone = "no pod of a function left";
    expect(titles({})).toEqual(always);
    expect(titles({ flags })).toEqual(always);
    expect(titles({ flags, features: { agent: false } })).toEqual(always);
    expect(titles({ flags, features: { agent: false }, stable: { image } })?.sort()).toEqual(
      [...new Set([...always, ...full.verification.map(({ title }) => title)])].filter((title) => title !== gone).sort(),
    );
  });

  it("takes any value where the level leaves it to a person, and the default where the level removes a lever", () => {
    const levers = [
      { path: "canary", remove: true as const },
      { path: "stable.image", value: stable, chosen: "image" },
    ];
    const chosen = { ...withLevel, levels: { provider: { ...level, steps: [{ levers }] } } };
    const change = { verification: { image }, change: { level: "provider" }, stable: { image } };
    expect(verified(change, chosen)?.probes).toEqual([health, runs]);
    expect(verified({ ...change, canary: { image, weight: 0 } }, chosen)?.probes).toEqual([health]);
  });

  it("B12, C5, W5: is what the data answer too, those questions that the database's revision has the tables for", () => {
    const lever = (revision: string) => ({
      revision,
      image,
      url: "postgresql://app@postgresql:5432/app",
      passwordSecret: { name: "stores", key: "password" },
    });
    const asked = (of: Plan, revision: string) => Object.keys(integrityOf(of, { database: lever(revision) })?.checks.queries ?? {});
    expect(asked(chat, "0001")).toEqual(["anomalies"]);
    expect(asked(watibot, "0002")).toEqual(["conversationsWithoutThread"]);
    expect(asked(wabot, "0001")).toEqual([]);
    expect(asked(wabot, "0002")).toEqual(["harmonizedWithoutMessages", "contextsWithoutItems", "orphanedContexts"]);
    expect(integrityOf(chat, {})).toBeUndefined();

    const { database, queries, repairs } = chat;
    const order = verified({ verification: { image }, database: lever("0001") }, { ...plan, database, queries, repairs, verification: [] });
    expect(order).toMatchObject({ probes: [], integrity: { url: lever("0001").url, checks: { repairs } }, timeoutSeconds: 108 });
  });

  it("M7: is whether the cache answers too, where the stack has one", () => {
    const cache = { url: "redis://redis:6379/0", passwordSecret: { name: "stores", key: "redis" } };
    const withCache = { ...plan, cache: wabot.cache, verification: [] };
    expect(verified({ verification: { image }, cache }, withCache)).toMatchObject({ probes: [], cache, timeoutSeconds: 83 });
    expect(verified({ verification: { image } }, withCache)).toBeUndefined();
  });

  it("names once what plan and level both name", () => {
    expect(verificationOf(withLevel, level)).toEqual([health, runs]);
    expect(verificationOf(withLevel)).toEqual([health]);
  });

  it("cannot be that of a level that the plan does not have", () => {
    expect(() => verified({ change: { level: "provder" } })).toThrow(
      new LeverError("s", [
        {
          path: "change.level",
          message: '"provder" is no level of this plan. Did you mean provider? There are provider.',
          command: "pulumi config set --path change.level provider",
        },
      ]),
    );
  });
});
