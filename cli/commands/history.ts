import { buildCommand, numberParser } from "@stricli/core";
import type { Operator } from "../context.ts";
import { jsonFlag, stackFlag } from "../flags.ts";

interface Flags {
  stack?: string;
  json: boolean;
  count: number;
}

export const history = buildCommand<Flags, [], Operator>({
  docs: {
    brief: "Who changed what, when, why, and how it ended",
    customUsage: [{ input: "--count 50", brief: "Further back" }],
  },
  parameters: {
    flags: {
      stack: stackFlag,
      json: jsonFlag,
      count: { kind: "parsed", parse: numberParser, brief: "How many updates", default: "10" },
    },
  },
  async func({ count, json, ...flags }) {
    const [stack, { readWork }, { pastLine, pastHeadings, told }, { table }] = await Promise.all([
      this.open(flags),
      import("../stack/history.ts"),
      import("../pastLine.ts"),
      import("../text.ts"),
    ]);
    const updates = await readWork(stack, count);
    const { print, columns } = this.screen;
    if (json) return print(JSON.stringify(updates.map(told), null, 2));
    if (updates.length === 0) return print(`Stack ${stack.name} has had no update yet.`);
    for (const line of table(pastHeadings, updates.map(pastLine), columns)) print(line);
  },
});
