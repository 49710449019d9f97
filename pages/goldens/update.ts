import * as pulumi from "@pulumi/pulumi";
import { loadGoogleCloud } from "../../components/gcp/load.ts";
import { checkLevers } from "../../components/levers/check.ts";
import { rawLevers } from "../../components/levers/read.ts";
import type { Plan } from "../../components/plan/plan.ts";
import type { ReleaseRecord } from "../../components/releaseRecord.ts";
import { RollbackPlan } from "../../components/rollbackPlan.ts";
import { awaited } from "./awaited.ts";
import { withoutSecrets } from "./secrets.ts";

/** A resource as the program registered it. */
export interface Resource {
  type: string;
  name: string;
  /** With no secret in it. */
  inputs: Record<string, unknown>;
  /** Keys of the resources that must be ready before this one changes. */
  waitsFor: readonly string[];
}

/** By key, which stays the same from update to update. */
export type Resources = ReadonlyMap<string, Resource>;

interface Registration extends Resource {
  custom: boolean;
  /** Keys of what it depends on, and of the component it is a part of. */
  after: string[];
}

interface Registering {
  getType(): string;
  getName(): string;
  getCustom(): boolean;
  getParent(): string;
  getDependenciesList(): string[];
  getObject(): { toJavaScript(): Record<string, unknown> };
}

interface Monitor {
  registerResource(request: Registering, answer: (error: unknown, response: { getUrn(): string }) => void): Promise<void>;
}

// Left out of the SDK's types, though it is what tells that every registration has ended.
const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };

/** What one `pulumi up` with this config would have the cluster be, and the release record it leaves: under Pulumi's mocks. */
export async function update(
  plan: Plan,
  config: Record<string, unknown>,
  last?: ReleaseRecord,
): Promise<{ resources: Resources; record: ReleaseRecord }> {
  const project = "rollback-stacks";
  const newResource = ({ name, inputs }: pulumi.runtime.MockResourceArgs) => ({ id: name, state: inputs });
  await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, project, plan.system);
  const registered = recordRegistrations(pulumi.runtime.getMonitor() as unknown as Monitor);

  // As the engine hands it over: text, objects as JSON.
  const texts = Object.entries(config).map(([key, value]) => [key, typeof value === "object" ? JSON.stringify(value) : String(value)]);
  const levers = checkLevers(plan, rawLevers(Object.fromEntries(texts), project), plan.system);
  const { record } = new RollbackPlan(plan.system, { plan, levers, last, googleCloud: await loadGoogleCloud(levers) });
  await waitForRPCs();
  const made = [...registered].filter(([, { custom }]) => custom);
  const resources = new Map(
    made.map(([key, { type, name, inputs }]) => [key, { type, name, inputs, waitsFor: [...awaited(key, registered)] }]),
  );
  return { resources, record: await new Promise((resolve) => record.apply(resolve)) };
}

/** Mocks are not told what a resource depends on; the request that reaches them says it. */
function recordRegistrations(monitor: Monitor): ReadonlyMap<string, Registration> {
  const registered = new Map<string, Registration>();
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, answer) =>
    register(request, (error, response) => {
      if (!error) {
        registered.set(response.getUrn(), {
          type: request.getType(),
          name: request.getName(),
          custom: request.getCustom(),
          inputs: withoutSecrets(request.getType(), request.getObject().toJavaScript()),
          waitsFor: [],
          after: [...request.getDependenciesList(), request.getParent()].filter((key) => key !== ""),
        });
      }
      answer(error, response);
    });
  return registered;
}
