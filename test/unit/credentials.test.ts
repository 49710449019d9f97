import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import { checkLevers } from "../../components/levers/check.ts";
import type { ReleaseRecord } from "../../components/releaseRecord.ts";
import { RollbackPlan } from "../../components/rollbackPlan.ts";
import mindmend from "../../stacks/mindmend.ts";

// Left out of the SDK's types, though it is what tells that every registration has ended.
const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };

const image = `registry.example/app@sha256:${"a".repeat(64)}`;
const levers = (openai: string) => ({
  system: "mindmend",
  aiProvider: "gemini",
  stable: { image, aiProvider: "openai" },
  canary: { image, weight: 25 },
  credentials: { openai: { apiKey: openai }, gemini: { apiKey: "key-two" } },
});

/** Name → its type, and what was there already when it was registered. */
let registered: Map<string, { type: string; there: string[] }>;

beforeEach(async () => {
  registered = new Map();
  const made: string[] = [];
  await pulumi.runtime.setMocks(
    {
      async newResource({ type, name, inputs }) {
        registered.set(name, { type, there: [...made] });
        // Whatever does not wait for these is registered meanwhile.
        if (/:(Secret|ConfigMap)$/.test(type)) await new Promise((resolve) => setTimeout(resolve, 20));
        made.push(name);
        return { id: name, state: inputs };
      },
      call: () => ({}),
    },
    "rollback-stacks",
    "mindmend-test",
  );
});

async function deploy(openai: string): Promise<ReleaseRecord> {
  const plan = new RollbackPlan("mindmend", { plan: mindmend, levers: checkLevers(mindmend, levers(openai), "s"), last: undefined });
  await waitForRPCs();
  return new Promise((resolve) => plan.record.apply(resolve));
}

const templateOf = ({ tracks }: ReleaseRecord, name: string) => tracks.find(({ track }) => track === name)?.template;

describe("a rotated credential", () => {
  it("makes new pods where it is used, and only there", async () => {
    const before = await deploy("sk-one");
    const after = await deploy("sk-two");
    expect(templateOf(after, "stable")).not.toBe(templateOf(before, "stable"));
    expect(templateOf(after, "canary")).toBe(templateOf(before, "canary"));
  });

  it("is in the cluster before the pods that need it, as their settings are", async () => {
    const { credentials, settings } = await deploy("sk-one");
    expect(registered.get("mindmend-backend")?.there).toEqual(
      expect.arrayContaining([`mindmend-openai-${credentials.openai}`, `mindmend-settings-${settings[0]?.hash}`]),
    );
  });
});

describe("the release record", () => {
  it("says which version of each provider's credentials is in use, so that a release can be told from one with another key", async () => {
    const first = await deploy("sk-one");
    expect(Object.keys(first.credentials)).toEqual(["openai", "gemini"]);
    const second = await deploy("sk-two");
    expect(second.credentials.openai).not.toBe(first.credentials.openai);
    expect(second.credentials.gemini).toBe(first.credentials.gemini);
    const { credentials, tracks } = await deploy("sk-one");
    expect({ credentials, tracks }).toEqual({ credentials: first.credentials, tracks: first.tracks });
  });

  it("names the Secret by that version, and holds no value", async () => {
    const record = await deploy("sk-one");
    expect(registered.get(`mindmend-openai-${record.credentials.openai}`)?.type).toBe("kubernetes:core/v1:Secret");
    expect(record.credentials.openai).toMatch(/^[0-9a-f]{10}$/);
    expect(JSON.stringify(record)).not.toMatch(/sk-one|key-two/);
  });
});
