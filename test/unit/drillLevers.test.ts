import { expect, test } from "vitest";
import { commandsFor, currentLevers, leverArguments } from "../../drill/levers.ts";

test("a lever is pulled with the literal command of the plan", () => {
  expect(leverArguments({ path: "aiProvider", value: "openai" }).join(" ")).toBe("config set aiProvider openai");
  expect(leverArguments({ path: "canary.weight", value: 0 }).join(" ")).toBe("config set --path canary.weight 0");
});

test("a lever that was not set before is put back by removing it", () => {
  expect(leverArguments({ path: "canary.weight", value: undefined }).join(" ")).toBe("config rm --path canary.weight");
});

test("the before state is read from the stack's own config", () => {
  const config = { "rollback-stacks:aiProvider": "gemini", "rollback-stacks:canary": { weight: 25 }, "other:aiProvider": "x" };
  expect(currentLevers(config, ["aiProvider", "canary.weight", "stable.aiProvider"], "rollback-stacks")).toEqual([
    { path: "aiProvider", value: "gemini" },
    { path: "canary.weight", value: 25 },
    { path: "stable.aiProvider", value: undefined },
  ]);
});

test("a lever that holds an object cannot be put back, so it is refused before it is pulled", () => {
  expect(() => currentLevers({ "rollback-stacks:canary": { weight: 25 } }, ["canary"], "rollback-stacks")).toThrow(
    "the lever canary is not a single value in the stack's config",
  );
});

test("the commands to type by hand name the stack", () => {
  expect(commandsFor([{ path: "aiProvider", value: "gemini" }], "mindmend-drill")).toEqual([
    "pulumi config set aiProvider gemini --stack mindmend-drill",
    "pulumi up --yes --skip-preview --stack mindmend-drill",
  ]);
});
