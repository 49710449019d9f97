import { hasTables } from "../../components/database/checks.ts";
import { checksPath } from "../../components/database/container.ts";
import { OperatorError } from "../operatorError.ts";
import type { Screen } from "../screen.ts";
import { stepOnScreen } from "./onScreen.ts";
import type { DataSystem } from "./system.ts";

/** Asks the plan's integrity queries. @throws {OperatorError} with every one that is not answered as expected, and what puts it right. */
export async function checkData(system: DataSystem, json: boolean, screen: Screen): Promise<unknown> {
  const { plan } = system.stack;
  const { revision } = system.lever;
  const queries = Object.entries(plan.queries).filter(([, query]) => query.kind === "integrity" && hasTables(plan, query, revision));
  if (queries.length === 0)
    throw new OperatorError(`the plan of ${plan.system} has no integrity query for revision ${revision}.`, "refused");
  const checks = { queries: Object.fromEntries(queries), repairs: plan.repairs };
  return stepOnScreen(system, { name: "check", args: [checksPath], checks }, json, screen);
}
