/** What the pack refuses in the output of `pulumi preview` or `up`: rule → its messages, each with the command that mends it. */
export function refusals(output = ""): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  const entries = part("Policies", output).split(/^ +- \[mandatory\] \[severity: \w+\] +/m);
  for (const entry of entries.slice(1)) {
    const [head = "", , ...message] = entry.split("\n").map((line) => line.trim());
    const [rule = ""] = head.split(" ");
    found[rule] = [...(found[rule] ?? []), message.filter((line) => line !== "").join("\n")];
  }
  return found;
}

/** What the engine tells in its diagnostics, a line each, without which resource it belongs to. */
export const told = (output = ""): string[] =>
  part("Diagnostics", output)
    .split("\n")
    .filter((line) => line.startsWith("    "))
    .map((line) => line.trim());

/** Of the parts that the engine's output ends with: `Policies:`, `Diagnostics:`, `Outputs:`, … */
const part = (title: string, output: string): string =>
  output.split(/^(?=[A-Z]\w+:$)/m).find((text) => text.startsWith(`${title}:\n`)) ?? "";
