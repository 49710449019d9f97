import { hasTables } from "../../components/database/checks.ts";
import { checksPath } from "../../components/database/container.ts";
import type { Plan } from "../../components/plan/plan.ts";
import { OperatorError } from "../operatorError.ts";
import type { Screen } from "../screen.ts";
import { stepOnScreen } from "./onScreen.ts";
import type { DataSystem } from "./system.ts";

/** Asks the plan's integrity queries. @throws {OperatorError} with every one that is not answered as expected, and what puts it right. */
export async function checkData(system: DataSystem, json: boolean, screen: Screen): Promise<unknown> {
  const { stack, lever } = system;
  const { plan } = stack;
  const queries = Object.entries(plan.queries).filter(([, query]) => query.kind === "integrity" && hasTables(plan, query, lever.revision));
  if (queries.length === 0)
    throw new OperatorError(`the plan of ${plan.system} has no integrity query for revision ${lever.revision}.`, "refused");
  const step = { name: "check" as const, args: [checksPath], checks: { queries: Object.fromEntries(queries) } };
  try {
    return await stepOnScreen(system, step, json, screen);
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    const names = repairsFor(plan, error.message);
    if (names.length === 0) throw error;
    throw new OperatorError(
      `${error.message}\n    mend it with: rollback data repair ${names.join(" ")} --stack ${stack.name}    it is tried first`,
    );
  }
}

/** Those by statements, whose check is among what a step said was wrong. */
function repairsFor({ repairs }: Plan, said: string): string[] {
  const failed = (query: string) => said.split("\n").some((line) => line.startsWith(`${query} (`));
  return Object.entries(repairs).flatMap(([name, repair]) => ("sql" in repair && failed(repair.provenBy) ? [name] : []));
}
