import { appendFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type UpdateOutcome, update } from "../../../cli/change/update.ts";
import type { OpenStack } from "../../../cli/stack/open.ts";
import { CommandError } from "../../../pulumi/pulumi.ts";
import type { Progress } from "../../../tools/setup/progress.ts";

const silent = { step: (_name: string, _options: object, body: (tell: () => void) => unknown) => body(() => {}) } as unknown as Progress;
const run = { command: "pulumi up", startedAt: 0, endedAt: 1, exitCode: 255, output: "error: update failed", stdout: "" };
const begun = (name: string, type: string, op: string) => ({ urn: `urn:pulumi:s::p::${type}::${name}`, type, op });

/** What is made of an update that the engine tells of in these words, and that fails. */
async function told(...events: object[]): Promise<UpdateOutcome> {
  const pulumi = {
    async run(args: string[]) {
      for (const event of events) appendFileSync(args.at(-1) as string, `${JSON.stringify(event)}\n`);
      throw new CommandError(run);
    },
  };
  const options = { message: "", refresh: false, progress: silent, deadline: Date.now() + 60_000, onLate: () => {} };
  return update({ pulumi } as unknown as OpenStack, options);
}

describe("what an update could not do", () => {
  const config = begun("settings", "kubernetes:core/v1:ConfigMap", "create");
  const canary = begun("canary", "kubernetes:apps/v1:Deployment", "update");
  const server = 'the Kubernetes API server at https://10.0.0.1 (context "prod" of kubernetes:kubeconfig)';
  const error = ({ urn }: { urn: string }, message: string) => ({ diagnosticEvent: { urn, message, severity: "error" } });

  it("is what it had begun, of a cluster that went away meanwhile", async () => {
    const lost = `${server} no longer answers: nothing listens there (connection refused)`;
    const outcome = await told(
      ...[{ resourcePreEvent: { metadata: config } }, { resOutputsEvent: { metadata: config } }],
      ...[{ resourcePreEvent: { metadata: canary } }, error(canary, lost), { resOpFailedEvent: { metadata: canary } }],
    );
    expect(outcome).toMatchObject({
      done: [{ kind: "ConfigMap", name: "settings" }],
      failed: [{ kind: "Deployment", name: "canary" }],
      errors: [lost],
    });
  });

  it.each([
    `${server} cannot be reached: nothing listens there (connection refused)`,
    "configured Kubernetes cluster is unreachable: unable to load schema information from the API server",
  ])("is nothing, of a cluster that was never reached, whichever of its objects the engine came to first: %s", async (away) => {
    const outcome = await told({ resourcePreEvent: { metadata: config } }, ...[error(canary, away), error(config, away)], {
      resOpFailedEvent: { metadata: config },
    });
    expect(outcome).toMatchObject({ done: [], failed: [], errors: [away, away] });
  });
});
