import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { leversSchema } from "../../components/levers/levers.ts";
import mindmend from "../../stacks/mindmend.ts";

const project = parse(readFileSync(new URL("../../Pulumi.yaml", import.meta.url), "utf8"));

it("Pulumi.yaml declares exactly the levers of the schema", () => {
  expect(Object.keys(project.config)).toEqual(Object.keys(leversSchema(mindmend).shape));
});

it("Pulumi.yaml requires exactly the levers that the schema requires", () => {
  const required = Object.entries(project.config).flatMap(([key, entry]) =>
    (entry as { default?: unknown }).default === undefined ? [key] : [],
  );
  const schema = leversSchema(mindmend);
  const optional = Object.entries(schema.shape).flatMap(([key, shape]) => (shape.safeParse(undefined).success ? [key] : []));
  expect(required).toEqual(Object.keys(schema.shape).filter((key) => !optional.includes(key)));
});
