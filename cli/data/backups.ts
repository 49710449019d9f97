import type { ListedBackup } from "../../operations/database/backups.ts";
import type { Screen } from "../screen.ts";
import { readState } from "../stack/state.ts";
import { size, span, table, utc } from "../text.ts";
import { stepOnScreen } from "./onScreen.ts";
import { backupsOf, type DataSystem } from "./system.ts";

/** A backup, and what the last restore had to do with it. */
export interface KnownBackup extends ListedBackup {
  /** `before`: taken just before the last restore; `source`: restored by it. */
  restore?: "before" | "source";
}

/** The stack's backups, the newest first. @throws {OperatorError} where it keeps none, or they cannot be listed. */
export async function readBackups(system: DataSystem, screen: Screen): Promise<KnownBackup[]> {
  const step = { name: "backups" as const, args: [backupsOf(system)] };
  const [{ backups }, { record }] = await Promise.all([
    stepOnScreen<{ backups: ListedBackup[] }>(system, step, true, screen),
    readState(system.stack),
  ]);
  const { run, evidence } = record?.database ?? {};
  const before = Object(evidence?.backup).file;
  const restored = run?.way === "restore" ? ({ [String(before)]: "before", [String(run.restore)]: "source" } as const) : {};
  return backups.map((backup) => {
    const restore = (restored as Record<string, KnownBackup["restore"]>)[backup.file];
    return { ...backup, ...(restore && { restore }) };
  });
}

const notes = { before: "taken just before the last restore", source: "what the last restore brought back" };

export function showBackups(backups: readonly KnownBackup[], { print, columns, colors }: Screen, now = Date.now()): void {
  const rows = backups.map(({ file, takenAt, bytes, restoredAt, restore }) => [
    file,
    `${utc(takenAt)}, ${span(now - Date.parse(takenAt))} ago`,
    size(bytes),
    restoredAt === undefined ? colors.yellow("never") : utc(restoredAt),
    restore ? notes[restore] : "",
  ]);
  if (rows.length === 0) print("There is no backup yet.");
  else for (const line of table(["backup", "taken", "size", "proved", ""], rows, columns)) print(line);
}
