import type { PodReader } from "../../probes/context.ts";
import { DatabaseError } from "./errors.ts";

/**
 * What a command of the plan's found, which ran in another container of this pod: the last line that it printed.
 * @throws DatabaseError where that is no JSON that names a backup.
 */
export async function told(pods: Pick<PodReader, "logs">, pod: string, container: string): Promise<{ file: string }> {
  const printed = (await pods.logs(pod, container)).trim().split("\n").at(-1)?.trim() ?? "";
  const found = objectIn(printed);
  if (typeof found.file === "string" && found.file !== "") return { ...found, file: found.file };
  throw new DatabaseError(
    `the plan's command for it ended well, and its last line is ${JSON.stringify(printed)}; expected JSON with the backup's name as "file"`,
    "what it did is done",
  );
}

function objectIn(line: string): { file?: unknown } {
  try {
    return Object(JSON.parse(line));
  } catch {
    return {};
  }
}
