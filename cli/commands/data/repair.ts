import { buildCommand } from "@stricli/core";
import { checksPath } from "../../../components/database/container.ts";
import type { Repaired } from "../../../operations/database/repair.ts";
import { toldBy } from "../../change/told.ts";
import type { Operator } from "../../context.ts";
import { type DataFlags, dataFlags } from "./flags.ts";

export const repair = buildCommand<DataFlags, string[], Operator>({
  docs: {
    brief: "Put data right by the plan's own repairs",
    fullDescription:
      "Tries the repairs that are named, in one transaction, says how many rows each would change and that their check then answers as expected, asks, and does it. Several at once where each alone leaves what another one mends. Without a terminal and without --confirm it is only tried.",
    customUsage: [
      { input: "reset cap", brief: "Tried, then asked" },
      { input: "reset cap --confirm --incident INC-7", brief: "Done at once, for the record" },
    ],
  },
  parameters: {
    positional: {
      kind: "array",
      minimum: 1,
      parameter: {
        placeholder: "repair",
        brief: "A repair of the plan",
        parse: String,
        async proposeCompletions(this: Operator, partial: string) {
          const { plan } = await this.open({});
          return Object.keys(plan.repairs).filter((name) => name.startsWith(partial));
        },
      },
    },
    flags: dataFlags,
  },
  async func(flags, ...names) {
    const [stack, { dataSystem, mustBeRepairs }, { changeData }] = await Promise.all([
      this.open(flags),
      import("../../data/system.ts"),
      import("../../data/change.ts"),
    ]);
    mustBeRepairs(stack, names);
    const system = dataSystem(stack);
    const { queries, repairs } = stack.plan;
    const change = {
      what: `rollback data repair ${names.join(" ")}`,
      step: { name: "repair" as const, args: [checksPath, ...names], checks: { queries, repairs } },
      does: ({ changed }: Repaired) => Object.values(changed).some((rows) => rows > 0),
    };
    const found = await changeData(system, change, toldBy(flags), flags, this.screen);
    if (flags.json) this.screen.print(JSON.stringify(found, null, 2));
  },
});
