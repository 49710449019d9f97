import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import type { Plan } from "../../../components/plan/plan.ts";
import type { ReleaseRecord } from "../../../components/releaseRecord.ts";
import { RollbackPlan } from "../../../components/rollbackPlan.ts";
import { chat, leversWith, planWith } from "./plans.ts";

// Left out of the SDK's types, though it is what tells that every registration has ended.
const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };

interface Registered {
  type: string;
  name: string;
  // biome-ignore lint/suspicious/noExplicitAny: inputs are whatever was registered
  inputs: any;
}

let registered: Registered[];

beforeEach(async () => {
  registered = [];
  const newResource = ({ type, name, inputs }: pulumi.runtime.MockResourceArgs) => {
    registered.push({ type, name, inputs });
    return { id: name, state: inputs };
  };
  await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "rollback-stacks", "shop-test");
});

async function deploy(plan: Plan, flags: unknown, last?: ReleaseRecord): Promise<ReleaseRecord> {
  registered = [];
  const { record } = new RollbackPlan("shop", { plan, levers: leversWith(plan, flags), last });
  await waitForRPCs();
  return new Promise((resolve) => record.apply(resolve));
}

const definitions = () => registered.filter(({ type, name }) => type.endsWith(":ConfigMap") && name.startsWith("shop-flags-"));
const pods = () => registered.find(({ type }) => type.endsWith(":Deployment"))?.inputs.spec.template.spec;
const template = (record: ReleaseRecord) => record.tracks[0]?.template;

describe("flags that an app reads from its environment", () => {
  it("C1: stand in the pod template, where an operator looks for them", async () => {
    await deploy(chat, { retryLogic: { percentage: 50, except: { users: ["u1"], models: ["gpt-4o"] } } });
    expect(pods().containers[0].env).toEqual(
      expect.arrayContaining([
        { name: "ENABLE_RETRY_LOGIC", value: "true" },
        { name: "RETRY_ROLLOUT_PERCENT", value: "50" },
        { name: "RETRY_DISABLED_USERS", value: "u1" },
        { name: "RETRY_DISABLED_MODELS", value: "gpt-4o" },
      ]),
    );
  });

  it("are in an immutable ConfigMap as flagd definitions too, which the pods do not mount", async () => {
    await deploy(chat, { retryLogic: true });
    const [version, ...others] = definitions();
    expect(others).toEqual([]);
    expect(version?.inputs).toMatchObject({ immutable: true, metadata: { name: version?.name, labels: { app: "shop" } } });
    expect(Object.keys(JSON.parse(version?.inputs.data["flags.flagd.json"]).flags)).toEqual(["retryLogic"]);
    expect(pods().volumes).toEqual([{ name: "writable-1", emptyDir: {} }]);
  });

  it("make new pods when one is switched, and the same pods when it is switched back", async () => {
    const on = await deploy(chat, { retryLogic: true });
    const off = await deploy(chat, { retryLogic: false }, on);
    const again = await deploy(chat, { retryLogic: true }, off);
    expect(template(off)).not.toBe(template(on));
    expect(template(again)).toBe(template(on));
  });

  it("change nothing when the stack says the same in other words", async () => {
    const record = await deploy(chat, { retryLogic: { percentage: 25, except: { users: "u1,u2" } } });
    const same = { enabled: "true", percentage: "25", except: { users: ["u1", "u2"] } };
    const { levers: _asWritten, ...again } = await deploy(chat, { retryLogic: same }, record);
    const { levers: _before, ...first } = record;
    expect(again).toEqual(first);
  });
});

describe("the release record", () => {
  it("has the flags' versions, and the cluster the three newest, for ReplicaSets made with them", async () => {
    let record: ReleaseRecord | undefined;
    const hashes: (string | undefined)[] = [];
    for (const percentage of [10, 25, 50, 100]) {
      record = await deploy(chat, { retryLogic: { percentage } }, record);
      hashes.unshift(record.flags[0]?.hash);
    }
    expect(new Set(hashes).size).toBe(4);
    expect(record?.flags.map(({ hash }) => hash)).toEqual(hashes.slice(0, 3));
    expect(definitions().map(({ name }) => name)).toEqual(hashes.slice(0, 3).map((hash) => `shop-flags-${hash}`));
  });

  it("has none where the plan has no flags, and nothing is made for them", async () => {
    expect((await deploy(planWith({}), {})).flags).toEqual([]);
    expect(definitions()).toEqual([]);
  });
});

describe("flags that an app reads from a file", () => {
  const plan = planWith({ known: { f: { description: "F" } }, file: "/etc/flagd/flags.json" });

  it("are mounted at the plan's path, from the ConfigMap with the current definitions", async () => {
    const { flags } = await deploy(plan, { f: { percentage: 25 } });
    const mount = { name: "flags", mountPath: "/etc/flagd/flags.json", subPath: "flags.flagd.json", readOnly: true };
    expect(pods().volumes).toContainEqual({ name: "flags", configMap: { name: `shop-flags-${flags[0]?.hash}` } });
    expect(pods().containers[0].volumeMounts).toContainEqual(mount);
  });

  it("make new pods when they change: a mounted file alone would take a minute, or never change", async () => {
    const before = await deploy(plan, { f: { percentage: 25 } });
    const after = await deploy(plan, { f: { percentage: 10 } }, before);
    expect(template(after)).not.toBe(template(before));
  });
});
