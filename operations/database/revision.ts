import type { PodReader } from "../../probes/context.ts";
import { DatabaseError } from "./errors.ts";

/**
 * Sees that the plan's own migration command, which ran in another container of this pod, said that the database has a revision: the
 * first word of the last line that it printed.
 * @throws DatabaseError that names the revision it has.
 */
export async function sameRevision(pods: Pick<PodReader, "logs">, pod: string, container: string, expected: string) {
  const printed = (await pods.logs(pod, container)).trim().split("\n").at(-1)?.trim() ?? "";
  const [found = ""] = printed.split(/\s+/);
  if (found === expected) return { revision: found };
  throw new DatabaseError(
    `the database has revision ${JSON.stringify(found)} and not ${expected}, which the stack says; the migration command printed ${JSON.stringify(printed)}\n` +
      `    mend it with: pulumi config set --path database.revision ${found || "<revision>"}`,
  );
}
