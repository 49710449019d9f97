import { Field } from "./field.ts";
import { containersOf, podsOf } from "./pods.ts";
import { type Expectation, remove, resourceRule, set } from "./resourceRule.ts";
import { secretBy } from "./secrets/find.ts";
import { isPublicName, withoutPublicPrefix } from "./secrets/names.ts";

export const noPublicSecrets = resourceRule({
  name: "no-public-secrets",
  description: "Nothing secret has a name that bundlers write into the page (VITE_, NEXT_PUBLIC_, REACT_APP_, …), not even from a Secret.",
  why: "E6: no secrets in client-side code, where everyone who opens the page has them",
  severity: "critical",
  *expectations({ type, inputs }) {
    for (const container of podsOf({ type, inputs }).flatMap(containersOf)) {
      for (const variable of container.at("env").items()) yield ofVariable(variable);
    }
    if (type === "kubernetes:core/v1:ConfigMap") yield* ofData(inputs.at("data"), secretBy, ["data"]);
    if (type !== "kubernetes:core/v1:Secret") return;
    // The provider moves `stringData` to `data`: which of them the program writes, a policy is not told.
    for (const data of both) yield* ofData(inputs.at(data), () => fromSecret, both);
  },
});

const both = ["stringData", "data"];
const fromSecret = "it comes from a Secret";

function ofVariable(variable: Field): Expectation {
  const field = variable.at("name");
  const by = (name: string): string | undefined => {
    if (!isPublicName(name)) return undefined;
    return variable.at("valueFrom", "secretKeyRef").value ? fromSecret : secretBy(name, String(variable.at("value").value ?? ""));
  };
  return {
    field,
    holds: (name) => by(String(name)) === undefined,
    found: (name) => `is ${name}, which goes into the page, and ${by(String(name))}`,
    expected: "a name that stays on the server",
    mend: (name) => set(field, withoutPublicPrefix(String(name))),
  };
}

function* ofData(data: Field, by: (name: string, value: string) => string | undefined, written: readonly string[]): Generator<Expectation> {
  for (const [key, field] of data.entries()) {
    if (!isPublicName(key)) continue;
    yield {
      field,
      holds: (value) => by(key, String(value)) === undefined,
      found: (value) => `goes into the page, and ${by(key, String(value))}`,
      expected: "nothing secret under this name",
      mend: () => remove(...written.map((each) => Field.of(undefined).at(each, key))),
    };
  }
}
