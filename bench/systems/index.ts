import { Config } from "@pulumi/pulumi";
import { checkLevers } from "../../components/levers/check.ts";
import { definePlan, type PlanInput } from "../../components/plan/plan.ts";
import { RollbackPlan } from "../../components/rollbackPlan.ts";
import mindmend from "../../stacks/mindmend.ts";

const image = `registry.example/app@sha256:${"0".repeat(64)}`;
const levers = {
  aiProvider: "gemini",
  stable: { image, aiProvider: "openai" },
  canary: { image, weight: 25 },
  fallback: { image },
  credentials: { openai: { apiKey: "key-of-openai" }, gemini: { apiKey: "key-of-gemini" } },
};

for (let index = 0; index < new Config().requireNumber("count"); index++) {
  const system = `system-${index}`;
  const track = (name: string) => ({ deployment: `${system}-${name}`, version: name });
  const tracks = { stable: track("stable"), canary: track("canary"), fallback: track("fallback") };
  const plan = definePlan({ ...mindmend, system, service: { ...mindmend.service, name: system, tracks } } as PlanInput);
  new RollbackPlan(system, { plan, levers: checkLevers(plan, { system, ...levers }, system), last: undefined });
}
