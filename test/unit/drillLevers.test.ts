import { expect, test } from "vitest";
import { leverArguments, rehearsed, typed } from "../../components/levers/commands.ts";
import { commandsFor, currentLevers } from "../../pulumi/levers.ts";

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

test("a lever that holds an object is put back leaf by leaf", () => {
  const config = { "rollback-stacks:canary": { image: "name@sha256:aa", weight: 25 } };
  expect(currentLevers(config, ["canary"], "rollback-stacks")).toEqual([
    { path: "canary.image", value: "name@sha256:aa" },
    { path: "canary.weight", value: 25 },
  ]);
});

test("a lever that holds an empty object is put back by removing it, whatever a level put in its place", () => {
  expect(currentLevers({ "rollback-stacks:flags": { voice: {} } }, ["flags.voice"], "rollback-stacks")).toEqual([
    { path: "flags.voice", value: undefined },
  ]);
});

test("C2: a lever that holds a list is put back entry by entry, after what took its place", () => {
  const config = { "rollback-stacks:flags": { retryLogic: { enabled: true, except: { users: ["user1", "user2"] } } } };
  expect(commandsFor(currentLevers(config, ["flags.retryLogic.except"], "rollback-stacks"), "chat")).toEqual([
    "pulumi config rm --path flags.retryLogic.except.users --stack chat",
    "pulumi config set --path 'flags.retryLogic.except.users[0]' user1 --stack chat",
    "pulumi config set --path 'flags.retryLogic.except.users[1]' user2 --stack chat",
    "pulumi up --yes --skip-preview --stack chat",
  ]);
});

test("M4: a lever that takes what another holds, and one that goes, are typed as a shell takes them", () => {
  expect(typed({ path: "stable.image", sameAs: "previous.image" })).toBe(
    'pulumi config set --path stable.image "$(pulumi config get --path previous.image)"',
  );
  expect(typed({ path: "canary", remove: true })).toBe("pulumi config rm canary");
});

test("the commands to type by hand name the stack", () => {
  expect(commandsFor([{ path: "aiProvider", value: "gemini" }], "mindmend-drill")).toEqual([
    "pulumi config set aiProvider gemini --stack mindmend-drill",
    "pulumi up --yes --skip-preview --stack mindmend-drill",
  ]);
});

test("B1: a lever whose value is the person's to choose says what belongs there, and a drill takes the example", () => {
  expect(typed({ path: "flags.harmonization.except.tenants", value: "acme", chosen: "tenants" })).toBe(
    "pulumi config set --path flags.harmonization.except.tenants <tenants>",
  );
  expect(rehearsed({ path: "flags.harmonization.except.tenants", value: "acme", chosen: "tenants" })).toBe(
    "pulumi config set --path flags.harmonization.except.tenants acme",
  );
});
