import type { ProbeResult } from "../probes/context.ts";
import type { Screen } from "./screen.ts";

/** One probe as a line: what holds in short, what does not with what was expected and found. */
export function probeLine({ name, expected, found, passed }: ProbeResult, { colors }: Screen): string {
  if (passed === null) return colors.dim(`- ${name}: ${found}`);
  return passed ? `${colors.green("✔")} ${name}` : `${colors.red("✘")} ${name}: expected ${expected}; found ${found}`;
}
