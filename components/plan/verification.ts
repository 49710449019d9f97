import type { Level, Plan, Probe } from "./plan.ts";

/** What must hold after any update of a plan and, where one is carried out, after this level; what both name, once. */
export function verificationOf(plan: Plan, level?: Level): Probe[] {
  const probes = [...plan.verification, ...(level?.verification ?? [])];
  return [...new Map(probes.map((probe) => [JSON.stringify(probe), probe])).values()];
}
