import { beforeEach, describe, expect, it, vi } from "vitest";
import { stepOnScreen } from "../../../cli/data/onScreen.ts";
import { verifyData } from "../../../cli/data/verify.ts";
import { OperatorError } from "../../../cli/operatorError.ts";
import type { Screen } from "../../../cli/screen.ts";
import type { OpenStack } from "../../../cli/stack/open.ts";
import wabot from "../../../stacks/wabot.ts";
import { image } from "../guards/shop.ts";

// The Job that it is carried out by is another test's: test/cluster/database.test.ts.
vi.mock("../../../cli/data/onScreen.ts", () => ({ stepOnScreen: vi.fn() }));
const step = vi.mocked(stepOnScreen);

const at = (revision: string) => ({
  revision,
  image: image("d"),
  url: "postgresql://app@postgresql:5432/app",
  passwordSecret: { name: "stores", key: "password" },
});
const verified = async (database: object | undefined) => {
  const stack = { name: "wabot", plan: wabot, document: { levers: { database } } } as unknown as OpenStack;
  const results = await verifyData(stack, {} as Screen);
  return results.map(({ name, expected, found, passed }) => ({ name, expected, found, passed }));
};

beforeEach(() => {
  step.mockReset();
});

describe("B12: the data, verified from outside,", () => {
  it("are what the database's revision can be asked, each told as a probe", async () => {
    step.mockResolvedValue({});
    expect(await verified(at("0002"))).toEqual(
      ["Harmonizations without their messages", "Reference contexts without items", "Reference contexts without a conversation"].map(
        (name) => ({ name, expected: "0", found: "0", passed: true }),
      ),
    );
  });

  it("are asked nothing where the stack has no database, or its revision has no tables for a question", async () => {
    for (const database of [undefined, {}, at("0001")]) expect(await verified(database)).toEqual([]);
    expect(step).not.toHaveBeenCalled();
  });

  it("do not hold where one is not as expected, in the step's own words", async () => {
    const words = "contextsWithoutItems (Reference contexts without items) answers 2 instead of 0\nnothing was changed";
    step.mockRejectedValue(new OperatorError(words));
    expect(await verified(at("0002"))).toMatchObject([{ expected: "every answer as the plan says", found: words, passed: false }]);
  });

  it("are no result where somebody ends the asking", async () => {
    step.mockRejectedValue(new OperatorError("Interrupted.", "interrupted"));
    await expect(verified(at("0002"))).rejects.toThrow("Interrupted.");
  });
});
