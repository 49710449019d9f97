import { runbook } from "../../../pages/runbook/runbook.ts";
import wabot from "../../../stacks/wabot.ts";

/** wabot's runbook. */
export const page = runbook(wabot);

/** The cells of the runbook's table that has this head. */
export function table(head: string): string[][] {
  const lines = page.split("\n");
  const first = lines.findIndex((line) => line.startsWith(head)) + 2;
  const length = lines.slice(first).indexOf("");
  const rows = lines.slice(first, first + length);
  return rows.map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** The lines of the runbook under a heading, up to the next one. */
export function under(heading: string): string[] {
  const [, text = ""] = page.split(`\n${heading}\n`);
  return (
    text
      .split(/\n#+ /)[0]
      ?.split("\n")
      .filter((line) => line !== "") ?? []
  );
}
