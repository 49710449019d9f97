import { backupsFolder } from "../../components/database/backups.ts";
import type { DatabaseLever } from "../../components/database/container.ts";
import { databaseSchema } from "../../components/levers/database.ts";
import { told } from "../../components/levers/errors.ts";
import type { Database } from "../../components/plan/plan.ts";
import { didYouMean } from "../nearest.ts";
import { OperatorError } from "../operatorError.ts";
import { judged } from "../stack/levers.ts";
import type { OpenStack } from "../stack/open.ts";

/** A stack with a database: what its plan says of it, and its levers. */
export interface DataSystem {
  stack: OpenStack;
  definition: Database;
  lever: DatabaseLever;
}

/**
 * Of a stack whose other levers are wrong too: they ask nothing of its data.
 * @throws {OperatorError} where the stack has no database, or its lever cannot be used as it is.
 */
export function dataSystem(stack: OpenStack): DataSystem {
  const { plan, document, name } = stack;
  if (!plan.database) throw new OperatorError(`the plan of ${plan.system} has no database.`, "refused");
  if (document.levers.database === undefined) {
    throw new OperatorError(
      `stack ${name} does not say where its database is: docs/database.md\n    mend it with: pulumi config set --path database.url <address> --stack ${name}, and its other fields`,
      "refused",
    );
  }
  const found = judged(plan, document.levers, name);
  const problems = "problems" in found ? found.problems.filter(({ path }) => path.startsWith("database")) : [];
  if (problems.length > 0) throw new OperatorError(problems.map(told).join("\n"), "refused");
  return { stack, definition: plan.database, lever: databaseSchema(plan).parse(document.levers.database) };
}

/** Where a backup is in a step's container. @throws {OperatorError} where the stack keeps none, or it is no backup's name. */
export function backupPath({ stack, lever }: DataSystem, file: string): string {
  backupsOf({ stack, lever });
  if (/^[\w-][\w.-]*\.dump$/.test(file)) return `${backupsFolder}/${file}`;
  throw new OperatorError(`"${file}" is not the name of a backup; rollback data backups --stack ${stack.name} lists them`, "usage");
}

/** The folder with the stack's backups. @throws {OperatorError} where it keeps none. */
export function backupsOf({ stack, lever }: Pick<DataSystem, "stack" | "lever">): string {
  if (lever.backups !== undefined) return backupsFolder;
  if (lever.managed) {
    throw new OperatorError(`the backups of stack ${stack.name} are its provider's: docs/database.md#managed-databases`, "refused");
  }
  throw new OperatorError(
    `stack ${stack.name} keeps no backups: database.backups is not set\n    mend it with: pulumi config set --path database.backups <claim> --stack ${stack.name}`,
    "refused",
  );
}

/** @throws {OperatorError} with every name that is none of a repair by statements, and the nearest. */
export function mustBeRepairs({ plan, name }: OpenStack, names: readonly string[]): void {
  const known = Object.keys(plan.repairs);
  const problems = names.flatMap((repair) => {
    const found = Object.hasOwn(plan.repairs, repair) ? plan.repairs[repair] : undefined;
    if (!found) return [`the plan of ${plan.system} has no repair ${repair}.${didYouMean(repair, known)}`];
    if ("sql" in found) return [];
    // Its programs are the app's.
    const { deployment } = plan.service.tracks.stable;
    return [`repair ${repair} is a script of the app's: kubectl exec deployment/${deployment} -- ${found.dryRun}`];
  });
  if (problems.length === 0) return;
  const there = known.length > 0 ? `It has ${known.join(", ")}.` : "It has none.";
  throw new OperatorError([...problems, there, `    look with: rollback data check --stack ${name}`].join("\n"), "usage");
}
