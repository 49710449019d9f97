import { checksFor } from "../../components/database/checks.ts";
import { checksPath } from "../../components/database/container.ts";
import { isObject } from "../../components/levers/scalars.ts";
import type { ProbeResult } from "../../probes/context.ts";
import { now } from "../../probes/request.ts";
import { exitCodes } from "../exitCodes.ts";
import { OperatorError } from "../operatorError.ts";
import type { Screen } from "../screen.ts";
import type { OpenStack } from "../stack/open.ts";
import { stepOnScreen } from "./onScreen.ts";
import { dataSystem } from "./system.ts";

/**
 * What an update's verification asks the data, asked again: by a Job in the system's namespace, since nobody outside reaches the database.
 * Nothing where the stack has none, or its revision nothing to ask.
 */
export async function verifyData(stack: OpenStack, screen: Screen): Promise<ProbeResult[]> {
  const { plan, document } = stack;
  const { database } = document.levers;
  if (!plan.database || !isObject(database) || Object.keys(database).length === 0) return [];
  const system = dataSystem(stack);
  const checks = checksFor(plan, system.lever.revision);
  const asked = Object.values(checks.queries);
  if (asked.length === 0) return [];
  const startedAt = now();
  const result = (name: string, expected: string, found: string, passed: boolean) => ({
    ...{ name, expected, found, passed, startedAt },
    endedAt: now(),
  });
  try {
    // What it answers is told as probes are, not as its lines.
    await stepOnScreen(system, { name: "check", args: [checksPath], checks }, true, { ...screen, note: () => {} });
    return asked.map(({ title, expect }) => result(title, `${expect}`, `${expect}`, true));
  } catch (error) {
    if (!(error instanceof OperatorError) || error.exitCode === exitCodes.interrupted) throw error;
    const titles = asked.map(({ title }) => title).join(", ");
    return [result(titles, "every answer as the plan says", error.message, false)];
  }
}
