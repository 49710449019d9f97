import type { Screen } from "../screen.ts";
import { wrapped } from "../text.ts";
import type { Evidence } from "./collect.ts";

/** What was kept, where, and what is missing. */
export function showEvidence({ folder, files, missing }: Evidence, milliseconds: number, { print, colors, columns }: Screen): void {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const took = (milliseconds / 1000).toFixed(1);
  print(`${colors.green("✔")} ${colors.bold("evidence")}: ${files.length} files, ${Math.ceil(bytes / 1024)} KiB, in ${took} s`);
  print(`  ${folder}`);
  print("  index.json lists them; their digests: sha256sum --check SHA256SUMS");
  if (missing.length > 0) print(colors.yellow(`Not got (${missing.length}):`));
  for (const { what, why } of missing) for (const line of wrapped(`  - ${what}: ${why}`, columns)) print(line);
}
