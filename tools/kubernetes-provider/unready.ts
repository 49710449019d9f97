import { awaiterOf } from "./await/registry.ts";
import { assessOnce } from "./await/wait.ts";
import type { Change } from "./diff.ts";
import { objectPath } from "./kinds.ts";
import { isTrue, type KubeObject } from "./objects.ts";
import type { Runtime } from "./runtime.ts";
import type { Props } from "./values.ts";

const REPLACE_UNREADY = "pulumi.com/replaceUnready";

/**
 * The replacement that `pulumi.com/replaceUnready` asks for: of a Job that is not complete at this moment, whether it failed or still
 * runs. Other kinds cannot have it, as with the official provider.
 * @param inputs without secret marks
 */
export async function replaceUnready(runtime: Runtime, urn: string, inputs: Props, state: KubeObject): Promise<Change | undefined> {
  if (!isTrue(inputs, REPLACE_UNREADY)) return undefined;
  if (inputs.kind !== "Job") {
    runtime.reporter.log(urn, "warning", `the annotation ${REPLACE_UNREADY} is for Jobs; it does nothing for a ${inputs.kind}`);
    return undefined;
  }
  const live = await readJob(runtime, state);
  const awaiter = live && awaiterOf(live);
  if (!awaiter || assessOnce(awaiter, live).state === "ready") return undefined;
  return { path: ["metadata", "annotations", REPLACE_UNREADY], what: "update", replaces: true };
}

/** What cannot be read now is told by the operation itself. */
async function readJob({ client }: Runtime, { apiVersion, kind, metadata }: KubeObject): Promise<KubeObject | undefined> {
  const read = async () => {
    const path = objectPath(await client.kind(apiVersion, kind), metadata.namespace, metadata.name);
    return (await client.request({ method: "GET", path })).body;
  };
  return read().catch(() => undefined);
}
