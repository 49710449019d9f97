import { buildCommand } from "@stricli/core";
import { type ChangeFlags, changeFlags, toldBy } from "../change/told.ts";
import type { Operator } from "../context.ts";
import { OperatorError } from "../operatorError.ts";

export const lastGood = buildCommand<ChangeFlags, [], Operator>({
  docs: {
    brief: "Back to the last verified release, as one unit",
    fullDescription:
      "Brings back image, settings, flags, provider and traffic of the last update that ended well, reads the cluster anew first, and compares digests afterwards. Credentials stay as they are: what was rotated or revoked since is not brought back.",
    customUsage: [{ input: "--yes --reason 'bad release' --incident INC-7", brief: "Without asking, for the record" }],
  },
  parameters: { flags: changeFlags },
  async func(flags) {
    const [stack, { readPast }, { recordable, restored, same }, { carryOut }, { compareReleases }] = await Promise.all([
      this.open(flags),
      import("../change/past.ts"),
      import("../change/restored.ts"),
      import("../change/carryOut.ts"),
      import("../change/digests.ts"),
    ]);
    const past = await readPast(stack);
    const good = past.state.record;
    if (!good?.levers) {
      const why = good
        ? "its last record is of a version that kept no levers; rollback undo looks at its history"
        : "no update of it has ended well";
      throw new OperatorError(`stack ${stack.name} has no last verified release: ${why}. Nothing was changed.`, "refused");
    }
    const source = past.history.find(({ result, levers }) => result === "succeeded" && same(recordable(stack, levers), good.levers));
    const steps = [{ levers: restored(stack, source?.levers ?? good.levers) }];
    this.screen.print("Credentials stay as they are: what was rotated or revoked since is not brought back.");
    const intended = {
      what: "rollback last-good",
      again: "rollback last-good",
      steps,
      rtoSeconds: stack.plan.objectives.rtoSeconds,
      refresh: true,
      aftercare: true,
      proof: () => compareReleases(stack, good, this.screen),
    };
    await carryOut(stack, past, intended, toldBy(flags), flags, this.screen);
  },
});
