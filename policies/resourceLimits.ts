import { containersOf, podsOf } from "./pods.ts";
import { type Expectation, resourceRule, set } from "./resourceRule.ts";

/** What a container that says nothing else is told to begin with: small, to be measured and raised. */
const beginWith = { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } };

export const resourceLimits = resourceRule({
  name: "resource-limits",
  description: "Every container says what CPU and memory it needs, and the memory that it may take at most.",
  why: "Design rule 2: a rollback never waits for capacity, which the scheduler keeps free only for what pods ask for",
  severity: "medium",
  *expectations(resource) {
    for (const container of podsOf(resource).flatMap(containersOf)) {
      for (const [kind, amounts] of Object.entries(beginWith)) {
        for (const [name, amount] of Object.entries(amounts)) {
          const field = container.at("resources", kind, name);
          yield { field, holds: isSet, expected: `an amount, such as ${amount}`, mend: () => set(field, amount) } satisfies Expectation;
        }
      }
    }
  },
});

const isSet = (value: unknown): boolean => value !== undefined && value !== null && value !== "";
