import { buildCommand } from "@stricli/core";
import type { Operator } from "../context.ts";
import { stackFlag } from "../flags.ts";
import { webhookAddress } from "../notify/webhook.ts";
import { outputFlag, writeOutput } from "../output.ts";

interface Flags {
  stack?: string;
  output?: string;
  webhook?: URL;
}

/** Enough for every step of a level, and the update before. */
const updatesLookedAt = 10;

export const notify = buildCommand<Flags, string[], Operator>({
  docs: {
    brief: "Fill in one of the plan's texts, and print, write or post it",
    fullDescription:
      "Without a message, lists the plan's with their fields and when they are due. With one, fills it in from the change record, the history and the clock; what nothing tells is asked, or given as <field>=<value>. Only the address that --webhook names is ever told.",
    customUsage: [
      { input: "", brief: "The plan's messages" },
      { input: "start reason='p95 3x'", brief: "One of them" },
      { input: "start --webhook https://hooks.example/services/T0", brief: 'Posted as JSON: { "text": … }' },
    ],
  },
  parameters: {
    positional: {
      kind: "array",
      parameter: {
        placeholder: "message or field=value",
        brief: "Which message, then what its fields are",
        parse: String,
        async proposeCompletions(this: Operator, partial: string) {
          const { plan } = await this.open({});
          return Object.keys(plan.messages).filter((name) => name.startsWith(partial));
        },
      },
    },
    flags: {
      stack: stackFlag,
      output: outputFlag,
      webhook: { kind: "parsed", parse: webhookAddress, brief: "Post it to this address too", optional: true },
    },
  },
  async func(flags, name, ...typed) {
    const stack = await this.open(flags);
    const { plan } = stack;
    if (name === undefined) {
      const { showMessages } = await import("../notify/list.ts");
      return showMessages(plan, this.screen);
    }
    const [{ filled, messageOf, valuesOf }, { about }, { readHistory }, { sentTo }] = await Promise.all([
      import("../notify/message.ts"),
      import("../notify/about.ts"),
      import("../stack/history.ts"),
      import("../../components/plan/words.ts"),
    ]);
    const message = messageOf(plan, name);
    const values = valuesOf(name, message, typed);
    const asksRecord = Object.entries(message.fields).some(([field, { from }]) => from !== undefined && values[field] === undefined);
    const history = asksRecord ? await readHistory(stack, updatesLookedAt) : [];
    const rollback = asksRecord ? about(plan, { change: stack.document.levers.change, history, now: new Date() }) : undefined;
    if (rollback) this.screen.note(`Filled in from: ${rollback.which}.`);
    const command = `rollback notify ${name} --stack ${stack.name}${flags.output ? ` --output ${flags.output}` : ""}${flags.webhook ? " --webhook <address>" : ""}`;
    const text = await filled(name, message, { typed: values, about: rollback, command, screen: this.screen });
    this.screen.note(`${sentTo(message)}\n`);
    this.screen.print(text);
    if (flags.output !== undefined) {
      await writeOutput(this.cwd, flags.output, text);
      this.screen.note(`\nWritten to ${flags.output}.`);
    }
    if (flags.webhook) {
      const { post } = await import("../notify/webhook.ts");
      this.screen.note(`\nPosted: ${await post(flags.webhook, text)}`);
    }
  },
});
