import type { Field } from "./field.ts";
import { containersOf, podsOf } from "./pods.ts";
import { type Expectation, remove, resourceRule, set } from "./resourceRule.ts";
import { secretBy, secretIn } from "./secrets/find.ts";
import { isSecretName, withoutPublicPrefix } from "./secrets/names.ts";

export const noPlainSecrets = resourceRule({
  name: "no-plain-secrets",
  description: "No secret stands in plain text: in a pod's environment or arguments, or in a ConfigMap.",
  why: "E6: whoever may read pods or the stack's state would have it, and a rollback would bring back a key that was replaced",
  severity: "critical",
  *expectations(resource) {
    for (const container of podsOf(resource).flatMap(containersOf)) {
      for (const variable of container.at("env").items()) yield ofVariable(variable);
      for (const list of ["command", "args"]) {
        const words = container.at(list).items();
        for (const [index, word] of words.entries()) yield ofWord(word, words[index - 1]);
      }
    }
    if (resource.type !== "kubernetes:core/v1:ConfigMap") return;
    for (const [key, field] of resource.inputs.at("data").entries()) yield ofEntry(key, field, (value) => value);
    for (const [key, field] of resource.inputs.at("binaryData").entries())
      yield ofEntry(key, field, (value) => Buffer.from(value, "base64").toString("latin1"));
  },
});

/** An expectation that never quotes what it found. */
const notSecret = (field: Field, by: (value: string) => string | undefined) => ({
  field,
  holds: (value: unknown) => value === undefined || by(String(value)) === undefined,
  found: (value: unknown) => `is plain text, and ${by(String(value))}`,
});

function ofVariable(variable: Field): Expectation {
  const name = variable.at("name");
  const value = variable.at("value");
  const key = () => withoutPublicPrefix(String(name.value));
  return {
    ...notSecret(value, (text) => secretBy(String(name.value), text)),
    expected: "a reference to a Secret",
    mend: () => set(variable, { name: key(), valueFrom: { secretKeyRef: { name: "<secret>", key: key() } } }),
  };
}

/** `--api-key=…`, or `--api-key` and the key after it. */
function ofWord(word: Field, before: Field | undefined): Expectation {
  const option = () => /^--?([\w-]+)$/.exec(String(before?.value ?? ""))?.[1] ?? "";
  return {
    ...notSecret(word, (text) => (isSecretName(option()) ? secretBy(option(), text) : secretIn(text))),
    expected: "a variable, $(NAME), whose value is in a Secret",
    mend: () => set(word, "$(NAME)"),
  };
}

function ofEntry(key: string, field: Field, text: (value: string) => string): Expectation {
  return {
    ...notSecret(field, (value) => secretBy(key, text(value))),
    expected: "it in a Secret instead",
    mend: () => remove(field),
  };
}
