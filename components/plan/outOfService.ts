import type { Level, Plan } from "./plan.ts";

/** Where a plan contradicts itself about maintenance, each with its path. */
export function outOfService(plan: Plan): string[] {
  return Object.entries(plan.levels).flatMap(([name, level]) => maintenanceOf(plan, `levels.${name}`, level));
}

function maintenanceOf({ maintenance, workers }: Plan, path: string, { steps, rtoSeconds }: Level): string[] {
  const ons = steps.flatMap(({ levers }, step) =>
    levers.flatMap((lever, index) =>
      lever.path === "maintenance" && "value" in lever && lever.value === true ? [`steps[${step}].levers[${index}]`] : [],
    ),
  );
  if (ons.length === 0) return [];
  if (!maintenance) return ons.map((at) => `${path}.${at}: maintenance cannot be pulled, since the plan has no maintenance page`);
  return Object.entries(workers).flatMap(([worker, { drainSeconds }]) =>
    drainSeconds > rtoSeconds
      ? [`${path}.rtoSeconds: ${rtoSeconds} s is shorter than the ${drainSeconds} s that workers.${worker} may take to finish`]
      : [],
  );
}
