import type { Field } from "./field.ts";
import { type Expectation, resourceRule, set } from "./resourceRule.ts";
import { isPlaceholder } from "./secrets/find.ts";

export const providerCredentials = resourceRule({
  name: "provider-credentials",
  description: "Every value of a Secret is there, and is no placeholder.",
  why: "M1, E6: the provider that a rollback falls back to must take the key that the pods have",
  severity: "critical",
  *expectations({ type, inputs }) {
    if (type === "gcp:secretmanager/secretVersion:SecretVersion") yield ofValue(inputs.at("secretData"));
    if (type !== "kubernetes:core/v1:Secret") return;
    for (const [, field] of inputs.at("stringData").entries()) yield ofValue(field);
    // The provider has moved `stringData` there, which goes before `data` where a program writes both.
    for (const [key, field] of inputs.at("data").entries()) yield ofValue(field, decode, inputs.at("stringData", key));
  },
});

const decode = (value: string): string => Buffer.from(value, "base64").toString();

/** Tells what is wrong with a value, never the value. */
function ofValue(field: Field, text = (value: string): string => value, written = field): Expectation {
  const isEmpty = (value: unknown): boolean => text(String(value ?? "")).trim() === "";
  return {
    field,
    holds: (value) => !isEmpty(value) && !isPlaceholder(text(String(value))),
    found: (value) => (isEmpty(value) ? "is empty" : "is a placeholder"),
    expected: "the real value, from a secret of the stack (pulumi config set --secret)",
    mend: () => set(written, "<the value, from config.requireSecret>"),
  };
}
