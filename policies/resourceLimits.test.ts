import { describe, expect, it } from "vitest";
import { ask, deployment, mended, unknown } from "../test/unit/policies/ask.ts";
import { resourceLimits } from "./resourceLimits.ts";

const resources = "spec.template.spec.containers[0].resources";

describe("resource-limits", () => {
  it("passes a container that says what it needs and what it may take", async () => {
    expect(await ask(resourceLimits, deployment())).toEqual({ violations: [] });
  });

  it("names each amount that is missing, and passes once they are written as the messages say", async () => {
    const bare = deployment({ container: { resources: { limits: { cpu: "1" } } } });
    const { violations } = await ask(resourceLimits, bare);
    expect(violations).toEqual([
      `${resources}.requests.cpu: is not set; expected an amount, such as 100m\n    mend it with: in the program, ${resources}.requests.cpu = "100m"`,
      `${resources}.requests.memory: is not set; expected an amount, such as 128Mi\n    mend it with: in the program, ${resources}.requests.memory = "128Mi"`,
      `${resources}.limits.memory: is not set; expected an amount, such as 256Mi\n    mend it with: in the program, ${resources}.limits.memory = "256Mi"`,
    ]);
    expect(await ask(resourceLimits, mended(bare, violations))).toEqual({ violations: [] });
  });

  it("asks containers that start first too", async () => {
    const { violations } = await ask(resourceLimits, deployment({ pod: { initContainers: [{ name: "first" }] } }));
    expect(violations.map((each) => each.split(":")[0])).toEqual([
      "spec.template.spec.initContainers[0].resources.requests.cpu",
      "spec.template.spec.initContainers[0].resources.requests.memory",
      "spec.template.spec.initContainers[0].resources.limits.memory",
    ]);
  });

  it("says that an amount is not known, and still which others are missing", async () => {
    const partly = deployment({ container: { resources: { requests: { cpu: unknown }, limits: { memory: "64Mi" } } } });
    const { violations, unknown: said } = await ask(resourceLimits, partly);
    expect(violations.map((each) => each.split(":")[0])).toEqual([`${resources}.requests.memory`]);
    expect(said).toContain(".resources.requests.cpu can't be known during preview");
  });
});
