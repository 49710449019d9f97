import { resolve } from "node:path";
import { buildCommand } from "@stricli/core";
import { quoted } from "../../components/levers/commands.ts";
import type { Intended } from "../change/intended.ts";
import { type ChangeFlags, changeFlags, toldBy } from "../change/told.ts";
import type { Operator } from "../context.ts";

interface Flags extends ChangeFlags {
  choose?: readonly string[];
  evidence?: string;
}

export const to = buildCommand<Flags, [string], Operator>({
  docs: {
    brief: "Take a level: shows it, asks, carries it out, verifies it",
    fullDescription:
      "Shows exactly which levers change and the pulumi commands that do the same, asks, records who, why and which incident, applies with live progress, verifies, and says what comes after.",
    customUsage: [
      { input: "traffic", brief: "All traffic back to stable" },
      { input: "flag --yes --reason 'p95 3x' --incident INC-7", brief: "Without asking, for the record" },
      { input: "container --dry-run", brief: "What it would do" },
      { input: "traffic --evidence /var/incidents", brief: "Keeps logs and metrics beside it" },
      { input: "endpoint --choose pins.endpoints=/api/chat", brief: "A level that leaves something to you" },
    ],
  },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [
        {
          placeholder: "level",
          brief: "A level of the plan; rollback check lists them",
          parse: String,
          async proposeCompletions(this: Operator, partial: string) {
            const { plan } = await this.open({});
            return Object.keys(plan.levels).filter((name) => name.startsWith(partial));
          },
        },
      ],
    },
    flags: {
      ...changeFlags,
      choose: {
        kind: "parsed",
        parse: assignment,
        brief: "A lever that the level leaves to you: <lever>=<value>",
        optional: true,
        variadic: true,
      },
      evidence: {
        kind: "parsed",
        parse: String,
        brief: "Keep logs, events, manifests and metrics in this folder, beside the rollback",
        optional: true,
      },
    },
  },
  async func(flags, name) {
    const [stack, { levelOf, stepsOf }] = await Promise.all([this.open(flags), import("../change/leversAfter.ts")]);
    const { rtoSeconds } = levelOf(stack.plan, name);
    const chosen = Object.fromEntries(
      (flags.choose ?? []).map((each) => [each.slice(0, each.indexOf("=")), each.slice(each.indexOf("=") + 1)]),
    );
    const steps = stepsOf(stack.plan, name, stack.document.levers, chosen);
    const [{ readPast }, { carryOut }, { keeping }] = await Promise.all([
      import("../change/past.ts"),
      import("../change/carryOut.ts"),
      import("../evidence/alongside.ts"),
    ]);
    const past = await readPast(stack);
    const intended: Intended = {
      what: `rollback to ${name}`,
      again: ["rollback", "to", name, ...(flags.choose ?? []).flatMap((each) => ["--choose", each])].map(quoted).join(" "),
      level: name,
      steps,
      rtoSeconds,
      refresh: past.unsettled,
      aftercare: true,
      ...(flags.evidence !== undefined && { alongside: keeping(stack, past.state, resolve(this.cwd, flags.evidence), this.screen) }),
    };
    await carryOut(stack, past, intended, toldBy(flags), flags, this.screen);
  },
});

function assignment(text: string): string {
  if (/^[^=]+=./.test(text)) return text;
  throw new Error(`expected <lever>=<value>, like pins.endpoints=/api/chat`);
}
