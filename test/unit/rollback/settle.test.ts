import { describe, expect, it } from "vitest";
import { settle } from "../../../cli/change/settle.ts";
import type { Screen } from "../../../cli/screen.ts";
import type { OpenStack } from "../../../cli/stack/open.ts";
import { CommandError } from "../../../pulumi/pulumi.ts";

const budget = { type: "kubernetes:policy/v1:PodDisruptionBudget", name: "canary" };
const run = {
  command: "pulumi stack import",
  startedAt: 0,
  endedAt: 1,
  exitCode: 1,
  output: "error: state file contains errors",
  stdout: "",
};

/** What is run and said on a stack whose backend takes states, or does not. */
async function settled(pending: (typeof budget)[], refused = false) {
  const commands: [string, string | undefined][] = [];
  const notes: string[] = [];
  const pulumi = {
    async run(args: string[], input?: string) {
      commands.push([args.join(" "), input]);
      if (refused && args[1] === "import") throw new CommandError(run);
      return { ...run, stdout: JSON.stringify({ version: 3, deployment: { resources: [] } }) };
    },
  };
  const screen = { note: (line: string) => void notes.push(line) } as Screen;
  await settle({ pulumi } as unknown as OpenStack, { resources: [], record: undefined, pending }, screen);
  return { commands, notes };
}

describe("what an update that was killed was at", () => {
  it("is taken up by way of the state, and said", async () => {
    expect(await settled([budget])).toEqual({
      commands: [
        ["stack export", undefined],
        ["stack import", '{"version":3,"deployment":{"resources":[],"pending_operations":[]}}'],
      ],
      notes: ["Took up what an update that was cut off was at: canary."],
    });
  });

  it("is nothing after an update that ended", async () => {
    expect(await settled([])).toEqual({ commands: [], notes: [] });
  });

  it("holds no rollback up where the state does not take it", async () => {
    const { notes } = await settled([budget], true);
    expect(notes).toEqual([
      "What an update that was cut off was at may be left in the cluster: canary. The state did not take it up: `pulumi stack import` ended with exit code 1:\n  error: state file contains errors",
    ]);
  });
});
