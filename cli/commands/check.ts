import { buildCommand } from "@stricli/core";
import type { Possibility } from "../check/possible.ts";
import type { Operator } from "../context.ts";
import { jsonFlag, stackFlag } from "../flags.ts";
import { OperatorError } from "../operatorError.ts";
import { utc } from "../text.ts";

/** A preview is an engine and a program: more at once only makes all of them slower. */
const atOnce = 2;

export const check = buildCommand<{ stack?: string; json: boolean }, [], Operator>({
  docs: {
    brief: "Which levels can be taken from here",
    fullDescription:
      "Previews every level on a copy of the stack's file, policies included: possible or why not, what it touches, how long it took when last drilled. Changes nothing and takes no lock.",
    customUsage: [{ input: "--json", brief: "For scripts" }],
  },
  parameters: { flags: { stack: stackFlag, json: jsonFlag } },
  async func({ json, ...flags }) {
    const [stack, { readState }, { possibility }] = await Promise.all([
      this.open(flags),
      import("../stack/state.ts"),
      import("../check/possible.ts"),
    ]);
    const state = await readState(stack);
    const left = Object.keys(stack.plan.levels);
    const found = new Map<string, Possibility>();
    const work = async () => {
      for (let name = left.shift(); name !== undefined; name = left.shift()) found.set(name, await possibility(stack, state, name));
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    const all = Object.keys(stack.plan.levels).flatMap((name) => found.get(name) ?? []);
    if (json) this.screen.print(JSON.stringify(all, null, 2));
    else for (const one of all) show(one, this);
    const not = all.filter(({ possible }) => possible === "no").map(({ level }) => level);
    if (not.length > 0) throw new OperatorError(`not possible now: ${not.join(", ")}`, "refused");
  },
});

function show({ level, title, possible, why, touches, rtoSeconds, drill }: Possibility, { screen: { print, colors } }: Operator): void {
  const verdict = { yes: colors.green("possible"), no: colors.red("not possible"), elsewhere: colors.dim("not for this stack") }[possible];
  print(`${colors.bold(level)}  ${verdict}  ${title}; RTO ${rtoSeconds} s`);
  for (const line of why.flatMap((each) => each.split("\n"))) print(`    ${line}`);
  if (possible === "yes") print(`    touches: ${touches.join(", ") || "nothing: it is so already"}`);
  print(`    last drilled: ${drill ? `${utc(drill.at)}, safe after ${drill.seconds} s` : "never"}`);
}
