import type { Problem } from "../levers/errors.ts";
import type { Guard } from "./guard.ts";

/** What takes its traffic back may shrink once it has it: the update that returns it all moves the traffic first (design rule 1). */
export const stableCapacity: Guard = {
  name: "stable-capacity",
  description: "What a rollback returns to keeps full capacity while something else takes traffic.",
  why: "M3 and design rule 2: a rollback never waits for pods to start",
  severity: "critical",
  slowsRollouts: false,
  check({ plan, levers, last }) {
    const { replicas } = plan.service;
    if (levers.maintenance || last?.capacity === undefined || replicas >= last.capacity) return [];
    const lowered = (track: string): string => `the plan lowers ${track} from ${last.capacity} to ${replicas} pods (service.replicas)`;
    return [...beside(levers.canary?.weight ?? 0, lowered("stable")), ...beforeStandby(lowered("the fallback track"))];

    function beside(weight: number, change: string): Problem[] {
      if (weight === 0) return [];
      const message = `the canary takes ${weight} % while ${change}: a rollback would wait for pods`;
      return [{ path: "canary.weight", message, command: "pulumi config set --path canary.weight 0" }];
    }

    function beforeStandby(change: string): Problem[] {
      const provider = levers.stable.aiProvider ?? levers.aiProvider;
      const { fallback } = plan.providers;
      if (!levers.fallback || provider === fallback) return [];
      const message = `stable answers with ${provider} while ${change}: a rollback would wait for pods`;
      return [{ path: "aiProvider", message, command: `pulumi config set aiProvider ${fallback}` }];
    }
  },
};
