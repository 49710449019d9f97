import { beforeAll, describe, expect, it } from "vitest";
import { guards } from "../../../components/guards/list.ts";
import type { Plan } from "../../../components/plan/plan.ts";
import { beforeConfig, pulled } from "../../../pages/goldens/levers.ts";
import { type Resources, update } from "../../../pages/goldens/update.ts";
import { policies } from "../../../policies/policies.ts";
import { readStackConfig } from "../../../pulumi/stackFile.ts";
import { plans } from "../../../stacks/plans.ts";
import { type Asked, ask } from "./ask.ts";

/** Every state that a plan's levels lead to from its committed stack; and with its alerts, on Google Cloud, in maintenance. */
async function* states(plan: Plan): AsyncGenerator<[string, Resources]> {
  const config = beforeConfig(plan, readStackConfig(plan.system));
  const before = await update(plan, config);
  yield ["before", before.resources];
  const alerting = [
    { path: "alerts.enabled", value: true },
    { path: "alerts.runbooks", value: "https://runbooks.example" },
    { path: "gcp.project", value: "project" },
  ].reduce(pulled, config);
  yield ["alerts, on Google Cloud", (await update(plan, alerting)).resources];
  if (plan.maintenance) yield ["maintenance", (await update(plan, pulled(config, { path: "maintenance", value: true }))).resources];
  for (const [name, { steps, traffic }] of Object.entries(plan.levels)) {
    let now = traffic === "gateway" ? pulled(config, { path: "traffic.mode", value: "gateway" }) : config;
    for (const [index, { levers }] of steps.entries()) {
      now = levers.reduce(pulled, now);
      yield [`${name}, step ${index + 1}`, (await update(plan, now, before.record)).resources];
    }
  }
}

const asked = (resources: Resources): Asked[] => [...resources].map(([urn, { type, name, inputs }]) => ({ urn, type, name, inputs }));

/** By system: its states, and all resources of each. */
const found = new Map<string, [state: string, Asked[]][]>();

beforeAll(async () => {
  // One after the other: Pulumi's mocks serve one program at a time.
  for (const [system, load] of Object.entries(plans)) {
    found.set(system, []);
    for await (const [state, resources] of states(await load())) found.get(system)?.push([state, asked(resources)]);
  }
}, 3 * 60_000);

const ofGuards: readonly string[] = guards.map(({ name }) => name);
const rules = policies.map(({ name }) => name).filter((name) => !ofGuards.includes(name));

describe.each(Object.keys(plans))("every resource of %s, before and after each of its levels", (system) => {
  it.each(rules)("keeps %s", async (name) => {
    const policy = policies.find((each) => each.name === name) as (typeof policies)[number];
    const there = found.get(system) ?? [];
    const answers = await Promise.all(there.map(async ([state, resources]) => ({ state, ...(await ask(policy, ...resources)) })));
    expect(answers).toEqual(there.map(([state]) => ({ state, violations: [] })));
  });
});

it("that is every kind of resource which the five systems are made of", () => {
  const types = [...found.values()].flat().flatMap(([, resources]) => resources.map(({ type }) => type));
  expect([...new Set(types)].sort()).toEqual([
    "gcp:logging/projectBucketConfig:ProjectBucketConfig",
    "gcp:logging/projectSink:ProjectSink",
    "gcp:monitoring/alertPolicy:AlertPolicy",
    "gcp:projects/iAMMember:IAMMember",
    "gcp:secretmanager/secret:Secret",
    "gcp:secretmanager/secretIamMember:SecretIamMember",
    "gcp:secretmanager/secretVersion:SecretVersion",
    "gcp:serviceaccount/account:Account",
    "gcp:serviceaccount/iAMMember:IAMMember",
    "kubernetes:apps/v1:Deployment",
    "kubernetes:batch/v1:Job",
    "kubernetes:core/v1:ConfigMap",
    "kubernetes:core/v1:Secret",
    "kubernetes:core/v1:Service",
    "kubernetes:core/v1:ServiceAccount",
    "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute",
    "kubernetes:monitoring.coreos.com/v1:PrometheusRule",
    "kubernetes:monitoring.googleapis.com/v1:PodMonitoring",
    "kubernetes:policy/v1:PodDisruptionBudget",
    "kubernetes:rbac.authorization.k8s.io/v1:Role",
    "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
  ]);
});
