import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";

// Left out of the SDK's types, though it is what tells that every registration has ended.
const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };

const config = {
  "shop:system": "shop",
  "shop:aiProvider": "openai",
  "shop:stable": JSON.stringify({ image: `registry.example/shop@sha256:${"a".repeat(64)}` }),
  "shop:credentials": JSON.stringify({ openai: { apiKey: "key" } }),
  "openai:apiKey": "key",
};
const secretKeys = ["shop:credentials", "openai:apiKey"];

/** The resources, as `<kind> <name>`, that a component's example creates: it is run under Pulumi's mocks. */
export async function createdBy(example: string): Promise<string[]> {
  const created: string[] = [];
  const newResource = ({ type, name, inputs, custom, id }: pulumi.runtime.MockResourceArgs) => {
    // What is only read has an id before.
    if (custom && !id) created.push(`${type.split(":").at(-1)} ${name.replace(/-[0-9a-f]{10}$/, "-<hash>")}`);
    return { id: name, state: { outputs: {}, ...inputs } };
  };
  const call = () => ({ outputs: {} });
  await pulumi.runtime.setMocks({ newResource, call }, "shop", "production", false, "organization");
  pulumi.runtime.setAllConfig(config, secretKeys);
  await import(join(import.meta.dirname, "examples", `${example}.ts`));
  await waitForRPCs();
  return created.sort();
}
