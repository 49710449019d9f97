import type { Level } from "../plan/plan.ts";

/** Whether a level changes the database. */
export const changesDatabase = ({ steps }: Pick<Level, "steps">): boolean =>
  steps.some(({ levers }) => levers.some(({ path }) => path.startsWith("database.")));

/** Of which stacks a level is one, where this is none of them: traffic goes by replicas there, or data are nothing of the stack's. */
export function elsewhere(
  level: Pick<Level, "traffic" | "steps">,
  stack: { trafficMode: unknown; hasDatabase: boolean },
): string | undefined {
  if (level.traffic === "gateway" && stack.trafficMode !== "gateway") return "only where traffic goes through a Gateway: docs/traffic.md";
  return changesDatabase(level) && !stack.hasDatabase ? "only where the stack has a database: docs/database.md" : undefined;
}

/** What {@link elsewhere} asks of a stack's levers. */
export const stackOf = (levers: unknown): Parameters<typeof elsewhere>[1] => ({
  trafficMode: Object(Object(levers).traffic).mode,
  hasDatabase: Object(Object(levers).database).revision !== undefined,
});
