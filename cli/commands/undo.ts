import { buildCommand } from "@stricli/core";
import { type ChangeFlags, changeFlags, toldBy } from "../change/told.ts";
import type { Operator } from "../context.ts";
import { OperatorError } from "../operatorError.ts";
import { utc } from "../text.ts";

export const undo = buildCommand<ChangeFlags, [], Operator>({
  docs: {
    brief: "Back to the levers before the last change",
    fullDescription:
      "Brings back the levers of the newest update that ended well with others than the stack's file has now. An undo of an undo is the change again. Credentials stay as they are.",
    customUsage: [{ input: "--dry-run", brief: "Where that would be" }],
  },
  parameters: { flags: changeFlags },
  async func(flags) {
    const [stack, { readPast }, { recordable, restored, same }, { carryOut }] = await Promise.all([
      this.open(flags),
      import("../change/past.ts"),
      import("../change/restored.ts"),
      import("../change/carryOut.ts"),
    ]);
    const past = await readPast(stack);
    const now = recordable(stack, stack.document.levers);
    const before = past.history.find(({ result, levers }) => {
      const then = recordable(stack, levers);
      return result === "succeeded" && then !== undefined && !same(then, now);
    });
    if (!before) {
      const none = past.history.length === 0 ? "its history is empty" : "no earlier update that ended well had others";
      throw new OperatorError(`there is nothing to undo on stack ${stack.name}: ${none}. Nothing was changed.`, "refused");
    }
    this.screen.print(`To where it was with the update of ${utc(before.endedAt ?? before.startedAt)}.`);
    const { rtoSeconds } = stack.plan.objectives;
    const steps = [{ levers: restored(stack, before.levers) }];
    await carryOut(
      stack,
      past,
      { what: "rollback undo", steps, rtoSeconds, refresh: past.unsettled, aftercare: false },
      toldBy(flags),
      flags,
      this.screen,
    );
  },
});
