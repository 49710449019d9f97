import type { Field } from "./field.ts";
import { containersOf, podsOf } from "./pods.ts";
import { type Resource, set } from "./resourceRule.ts";
import { stackRule } from "./stackRule.ts";

export const disruptionBudget = stackRule({
  name: "disruption-budget",
  description:
    "What serves with more than one pod has a PodDisruptionBudget that keeps some of them while nodes are drained. Told by the whole stack: " +
    "an update is stopped by its preview, and one without a preview fails at its end.",
  why: "Design rule 3: a rollback drops no request, whatever else goes on in the cluster",
  severity: "medium",
  *expectations(resource, all) {
    if (isBudget(resource)) {
      for (const workload of all.filter(serves)) yield keepsPods(resource.inputs, workload);
    }
    if (!serves(resource)) return;
    const replicas = resource.inputs.at("spec", "replicas");
    const budgets = all.filter(isBudget);
    yield {
      field: replicas,
      holds: (count = 1) => count < 2 || budgets.some(({ inputs }) => selects(inputs, resource)),
      found: (count) => `is ${count}, and no PodDisruptionBudget selects the pods`,
      expected: "one that does",
      mend: () => `in the program, new PodDisruptionBudget(${budgetFor(resource)})`,
    };
  },
});

const isBudget = ({ type }: Resource): boolean => type === "kubernetes:policy/v1:PodDisruptionBudget";

function serves(resource: Resource): boolean {
  if (!/^kubernetes:apps\/v1:(Deployment|StatefulSet)$/.test(resource.type)) return false;
  return podsOf(resource)
    .flatMap(containersOf)
    .some((container) => container.at("ports").items().length > 0);
}

function budgetFor({ inputs }: Resource): string {
  const name = inputs.at("metadata", "name").value;
  const selector = { matchLabels: inputs.at("spec", "selector", "matchLabels").value };
  return `${JSON.stringify(name)}, ${JSON.stringify({ spec: { maxUnavailable: 1, selector } })}`;
}

/** Of pods that it selects, a budget keeps at least one. */
function keepsPods(budget: Field, workload: Resource) {
  const [unavailable, available] = [budget.at("spec", "maxUnavailable"), budget.at("spec", "minAvailable")];
  const replicas = (): number => workload.inputs.at("spec", "replicas").value ?? 1;
  const kept = (): number => {
    if (available.value !== undefined) return podsIn(available.value, replicas());
    return replicas() - podsIn(unavailable.value ?? 0, replicas());
  };
  return {
    field: unavailable,
    holds: () => !selects(budget, workload) || replicas() < 2 || kept() > 0,
    found: () => `lets all ${replicas()} pods go at once`,
    expected: "fewer",
    mend: () => (available.value === undefined ? set(unavailable, 1) : set(available, 1)),
  };
}

/** Kubernetes rounds up either way. */
function podsIn(amount: number | string, replicas: number): number {
  return typeof amount === "number" ? amount : Math.ceil((Number.parseFloat(amount) * replicas) / 100);
}

interface Requirement {
  key: string;
  operator: string;
  values?: string[];
}

function selects(budget: Field, { inputs }: Resource): boolean {
  const [there, here] = [budget, inputs].map((each) => each.at("metadata", "namespace").value ?? "default");
  const labels = inputs.at("spec", "template", "metadata", "labels").value ?? {};
  const selector = budget.at("spec", "selector");
  return (
    there === here &&
    selector.value !== undefined &&
    selector
      .at("matchLabels")
      .entries()
      .every(([key, { value }]) => labels[key] === value) &&
    selector
      .at("matchExpressions")
      .items()
      .every(({ value }) => meets(labels, value))
  );
}

function meets(labels: Record<string, string>, { key, operator, values = [] }: Requirement): boolean {
  const value = labels[key];
  if (operator === "Exists") return value !== undefined;
  if (operator === "DoesNotExist") return value === undefined;
  if (operator === "In") return value !== undefined && values.includes(value);
  return value === undefined || !values.includes(value);
}
