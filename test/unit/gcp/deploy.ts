import * as pulumi from "@pulumi/pulumi";
import { loadGoogleCloud } from "../../../components/gcp/load.ts";
import { checkLevers } from "../../../components/levers/check.ts";
import type { Plan } from "../../../components/plan/plan.ts";
import type { ReleaseRecord } from "../../../components/releaseRecord.ts";
import { RollbackPlan } from "../../../components/rollbackPlan.ts";
import { answered } from "./answers.ts";

// Left out of the SDK's types, though it is what tells that every registration has ended.
const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };

export const image = `registry.example/app@sha256:${"a".repeat(64)}`;

export interface Registered {
  type: string;
  name: string;
  // biome-ignore lint/suspicious/noExplicitAny: inputs are whatever was registered
  inputs: any;
  /** What was there already. */
  there: Registered[];
}

/** What a stack registers, under Pulumi's mocks: nothing of it has met Google Cloud. */
export async function deploy(
  plan: Plan,
  raw: Record<string, unknown>,
  stack = `${plan.system}-test`,
  last?: ReleaseRecord,
): Promise<Registered[]> {
  const registered: Registered[] = [];
  const made: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      async newResource({ type, name, inputs }) {
        const resource = { type, name, inputs, there: [...made] };
        registered.push(resource);
        // Whatever does not wait for it is registered meanwhile.
        await new Promise((resolve) => setTimeout(resolve, 5));
        made.push(resource);
        const { id = name, ...state } = answered(type, name, inputs);
        return { id, state };
      },
      call: () => ({}),
    },
    "rollback-stacks",
    stack,
  );
  const levers = checkLevers(plan, raw, stack);
  new RollbackPlan(plan.system, { plan, levers, last, googleCloud: await loadGoogleCloud(levers) });
  await waitForRPCs();
  return registered;
}

/** The one resource of this type, by its name where there are several. */
export function find(registered: readonly Registered[], type: string, name?: RegExp): Registered {
  const found = registered.filter((resource) => resource.type === type && (name ?? /./).test(resource.name));
  if (found.length !== 1)
    throw new Error(`${found.length} of ${type} ${name}: ${registered.map((each) => `${each.type} ${each.name}`).join(", ")}`);
  return found[0] as Registered;
}

export const mindmendLevers = {
  system: "mindmend",
  aiProvider: "gemini",
  stable: { image, aiProvider: "openai" },
  canary: { image, weight: 25 },
  credentials: { openai: { apiKey: "sk-one" }, gemini: { apiKey: "key-two" } },
  gcp: { project: "shop-prod-1" },
};

export const watibotLevers = {
  system: "watibot",
  aiProvider: "vertex",
  stable: { image },
  credentials: { openai: { apiKey: "sk-one" }, vertex: { apiKey: "key-two" } },
  gcp: { project: "shop-prod-1" },
};
