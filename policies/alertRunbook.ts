import type { Field } from "./field.ts";
import { type Expectation, type Resource, resourceRule, set } from "./resourceRule.ts";

export const alertRunbook = resourceRule({
  name: "alert-runbook",
  description: "Every alert says in a sentence what is wrong, how bad it is, and where the runbook is found.",
  why: "W9, E7: whoever is woken rolls back by the book, which must be one click away",
  severity: "medium",
  *expectations(resource) {
    if (resource.type === "kubernetes:monitoring.coreos.com/v1:PrometheusRule") yield* ofPrometheus(resource);
    if (resource.type === "gcp:monitoring/alertPolicy:AlertPolicy") yield* ofCloudMonitoring(resource);
  },
});

function* ofPrometheus({ urn, inputs }: Resource): Generator<Expectation> {
  const rules = inputs
    .at("spec", "groups")
    .items()
    .flatMap((group) => group.at("rules").items());
  for (const rule of rules) {
    // A recording rule alerts nobody.
    if (!("alert" in Object(rule.value))) continue;
    yield text(rule.at("labels", "severity"), "a severity", "warning");
    yield text(rule.at("annotations", "summary"), "what is wrong, in a sentence", "<what is wrong>");
    const runbook = rule.at("annotations", "runbook_url");
    yield { field: runbook, holds: isAddress, expected: "an address", mend: () => mendRunbook(urn, runbook) };
  }
}

function* ofCloudMonitoring({ urn, inputs }: Resource): Generator<Expectation> {
  yield text(inputs.at("severity"), "a severity", "WARNING");
  const documentation = inputs.at("documentation");
  yield text(documentation.at("subject"), "what is wrong, in a sentence", "<what is wrong>");
  const links = documentation.at("links");
  yield {
    field: links,
    holds: () => links.items().some((link) => isAddress(link.at("url").value)),
    expected: "an address",
    mend: () => mendRunbook(urn, links, [{ displayName: "Runbook", url: address }]),
  };
}

const address = "https://<runbook>";

const isAddress = (value: unknown): boolean => /^https?:\/\/\S+$/.test(String(value ?? ""));

/** The project's own alerts have a lever for it. */
function mendRunbook(urn: string, field: Field, value: unknown = address): string {
  const own = /\$rollback-stacks:(components:AlertRules|gcp:AlertPolicies)\$/.test(urn);
  return own ? "pulumi config set --path alerts.runbooks https://<where docs/runbooks is found>" : set(field, value);
}

function text(field: Field, expected: string, value: string): Expectation {
  return { field, holds: (written) => typeof written === "string" && written.trim() !== "", expected, mend: () => set(field, value) };
}
