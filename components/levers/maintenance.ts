import type { Plan } from "../plan/plan.ts";
import type { Problem } from "./errors.ts";
import { boolean, isObject } from "./scalars.ts";

/** Whether the system is out of service: clients get the plan's page, tracks and workers end what they have and are gone. */
export const maintenance = () => boolean().default(false);

/** A stack that asks for maintenance without what it takes. */
export function maintenanceProblems(raw: Record<string, unknown>, plan: Plan): Problem[] {
  if (String(raw.maintenance) !== "true") return [];
  if (!plan.maintenance) {
    const message = `the plan of ${plan.system} has no maintenance page; add maintenance: { title, text } to stacks/${plan.system}.ts first`;
    return [{ path: "maintenance", message, command: "pulumi config rm maintenance" }];
  }
  if (isObject(raw.verification) && raw.verification.image !== undefined) return [];
  const message = "missing: the page is served by the operations image";
  return [{ path: "verification.image", message, command: "pulumi config set --path verification.image <name@sha256:digest>" }];
}
