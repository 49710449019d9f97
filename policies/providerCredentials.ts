import type { Field } from "./field.ts";
import { type Expectation, resourceRule, set } from "./resourceRule.ts";
import { isPlaceholder } from "./secrets/find.ts";

export const providerCredentials = resourceRule({
  name: "provider-credentials",
  description: "Every value of a Secret is there, and is no placeholder.",
  why: "M1, E6: the provider that a rollback falls back to must take the key that the pods have",
  severity: "critical",
  *expectations({ type, inputs }) {
    if (type === "gcp:secretmanager/secretVersion:SecretVersion") yield ofValue(inputs.at("secretData"), (value) => value);
    if (type !== "kubernetes:core/v1:Secret") return;
    for (const [, field] of inputs.at("stringData").entries()) yield ofValue(field, (value) => value);
    for (const [, field] of inputs.at("data").entries()) yield ofValue(field, (value) => Buffer.from(value, "base64").toString());
  },
});

/** Tells what is wrong with a value, never the value. */
function ofValue(field: Field, text: (value: string) => string): Expectation {
  const isEmpty = (value: unknown): boolean => text(String(value ?? "")).trim() === "";
  return {
    field,
    holds: (value) => !isEmpty(value) && !isPlaceholder(text(String(value))),
    found: (value) => (isEmpty(value) ? "is empty" : "is a placeholder"),
    expected: "the real value, from a secret of the stack (pulumi config set --secret)",
    mend: () => set(field, "<the value, from config.requireSecret>"),
  };
}
