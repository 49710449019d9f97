import { describe, expect, it } from "vitest";
import { type Asked, ask, deployment, unknown } from "../test/unit/policies/ask.ts";
import { disruptionBudget } from "./disruptionBudget.ts";

const budget = (spec: object, namespace?: string): Asked => ({
  type: "kubernetes:policy/v1:PodDisruptionBudget",
  inputs: { metadata: { namespace }, spec: { selector: { matchLabels: { app: "shop" } }, ...spec } },
});
const expression = (key: string, operator: string, values?: string[]) => ({ selector: { matchExpressions: [{ key, operator, values }] } });

const missing = `spec.replicas: is 2, and no PodDisruptionBudget selects the pods; expected one that does
    mend it with: in the program, new PodDisruptionBudget("shop", {"spec":{"maxUnavailable":1,"selector":{"matchLabels":{"app":"shop"}}}})`;

describe("disruption-budget", () => {
  it("passes what has a budget, one pod, none at all, or serves nothing", async () => {
    expect(await ask(disruptionBudget, deployment(), budget({ maxUnavailable: 1 }))).toEqual({ violations: [] });
    for (const replicas of [undefined, 0, 1])
      expect(await ask(disruptionBudget, deployment({ spec: { replicas } }))).toEqual({ violations: [] });
    expect(await ask(disruptionBudget, deployment({ container: { ports: undefined } }))).toEqual({ violations: [] });
  });

  it("refuses what serves with two pods and has none, and passes once there is the one that the message names", async () => {
    expect(await ask(disruptionBudget, deployment())).toEqual({ violations: [missing] });
    const [, written = ""] = /PodDisruptionBudget\("shop", (.*)\)$/.exec(missing) ?? [];
    const made = { type: "kubernetes:policy/v1:PodDisruptionBudget", inputs: JSON.parse(written) };
    expect(await ask(disruptionBudget, deployment(), made)).toEqual({ violations: [] });
  });

  it("asks StatefulSets too", async () => {
    expect(await ask(disruptionBudget, { ...deployment(), type: "kubernetes:apps/v1:StatefulSet" })).toEqual({ violations: [missing] });
  });

  it.each([
    ["of other pods", budget({ maxUnavailable: 1, selector: { matchLabels: { app: "other" } } })],
    ["of another namespace", budget({ maxUnavailable: 1 }, "other")],
    ["that excludes the pods", budget({ maxUnavailable: 1, ...expression("app", "NotIn", ["shop"]) })],
    ["that wants a label which they lack", budget({ maxUnavailable: 1, ...expression("track", "Exists") })],
    ["without a selector, which selects none", budget({ maxUnavailable: 1, selector: undefined })],
  ])("does not take a budget %s for one", async (_, other) => {
    expect(await ask(disruptionBudget, deployment(), other)).toEqual({ violations: [missing] });
  });

  it.each([
    ["In", expression("app", "In", ["shop"])],
    ["DoesNotExist", expression("track", "DoesNotExist")],
    ["no words at all, which is every pod", { selector: {} }],
  ])("takes a budget that selects by %s", async (_, selector) => {
    expect(await ask(disruptionBudget, deployment(), budget({ maxUnavailable: 1, ...selector }))).toEqual({ violations: [] });
  });

  it.each([
    ["as many as there are", { maxUnavailable: 2 }, "maxUnavailable"],
    ["all, in percent", { maxUnavailable: "100%" }, "maxUnavailable"],
    ["all, once their percentage is rounded up", { maxUnavailable: "51%" }, "maxUnavailable"],
    ["all, since none is needed", { minAvailable: 0 }, "minAvailable"],
  ])("refuses a budget that lets go %s", async (_, spec, field) => {
    expect(await ask(disruptionBudget, deployment(), budget(spec))).toEqual({
      violations: [`spec.maxUnavailable: lets all 2 pods go at once; expected fewer\n    mend it with: in the program, spec.${field} = 1`],
    });
  });

  it("says what is not known", async () => {
    const answer = await ask(disruptionBudget, deployment(), budget({ selector: unknown }));
    expect(answer).toEqual({ violations: [], unknown: "string value at .spec.selector can't be known during preview" });
  });
});
