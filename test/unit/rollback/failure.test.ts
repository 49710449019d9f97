import { describe, expect, it } from "vitest";
import { failure, late } from "../../../cli/change/failure.ts";
import type { Intended } from "../../../cli/change/intended.ts";
import type { OpenStack } from "../../../cli/stack/open.ts";
import { plans } from "../../../stacks/plans.ts";

const kubeconfig = JSON.stringify({
  "current-context": "prod",
  clusters: [{ name: "prod", cluster: { server: "https://127.0.0.1:1" } }],
  users: [{ name: "prod", user: {} }],
  contexts: [{ name: "prod", context: { cluster: "prod", user: "prod" } }],
});
const levers = { aiProvider: "gemini", canary: { weight: 0 }, previous: { image: "registry.example/app@sha256:1" } };
const stack = async () =>
  ({
    name: "mindmend",
    plan: await plans.mindmend?.(),
    document: { levers, config: { "kubernetes:kubeconfig": kubeconfig, "kubernetes:context": "prod", "kubernetes:namespace": "mindmend" } },
  }) as unknown as OpenStack;
const traffic: Intended = {
  what: "rollback to traffic",
  again: "rollback to traffic",
  level: "traffic",
  steps: [],
  rtoSeconds: 120,
  refresh: false,
  aftercare: true,
};
const canary = { kind: "Deployment", name: "mindmend-backend-canary" };

/** What is said of an update that changed the Service and failed at the canary. */
async function said(errors: string[], intended = traffic): Promise<string> {
  const service = { kind: "Service", name: "mindmend" };
  const outcome = { error: undefined, done: [service], failed: [canary], errors };
  const error = await failure(await stack(), intended, { outcome, untouched: false, step: 0, of: 1, levers, interrupted: false });
  return (error as Error).message;
}

describe("an update that lost the cluster names no level but how to go on, in whichever provider's words it says so", () => {
  it.each([
    'the Kubernetes API server at https://10.0.0.1 (context "prod" of kubernetes:kubeconfig) cannot be reached: no answer within 30 s',
    "configured Kubernetes cluster is unreachable: unable to load schema information from the API server",
    'Get "https://10.0.0.1/api/v1/namespaces/mindmend": dial tcp 10.0.0.1:443: i/o timeout',
    "http2: client connection lost",
  ])("%s", async (words) => {
    const lines = (await said([words])).split("\n");
    expect(lines.slice(lines.indexOf("What to do next:"))).toEqual([
      "What to do next:",
      "  kubectl --context prod --namespace mindmend get pods    whether the cluster answers again",
      "  rollback to traffic --stack mindmend    then the same again, which goes on from there",
      "  rollback status --stack mindmend    what runs now",
    ]);
  });

  it("an undo goes on by hand: another one would go back to where it began", async () => {
    const { again: _, ...undo } = { ...traffic, what: "rollback undo" };
    expect(await said(["http2: client connection lost"], undo)).toContain(
      "\n  PULUMI_K8S_ENABLE_PATCH_FORCE=true pulumi up --yes --skip-preview --refresh --stack mindmend    then the same again",
    );
  });
});

it("what every object failed of is said once", async () => {
  const lost = "http2: client connection lost";
  expect((await said([lost, "0 of 1 pods available", lost])).split("\n").slice(0, 4)).toEqual([
    "rollback to traffic failed.",
    `  ${lost}`,
    "  0 of 1 pods available",
    "Done: Service mindmend.",
  ]);
});

it("an update that failed for another reason names the level that comes next, and what is done and not", async () => {
  expect((await said(["0 of 1 pods available"])).split("\n")).toEqual([
    "rollback to traffic failed.",
    "  0 of 1 pods available",
    "Done: Service mindmend.",
    "Not done: Deployment mindmend-backend-canary.",
    "The levers in stacks/Pulumi.mindmend.yaml are those that this update aimed for; what runs is in part as they say.",
    "What to do next:",
    "  rollback to container --stack mindmend    Level 3: container",
    "  rollback last-good --stack mindmend    back to the last verified release",
    "  rollback status --stack mindmend    what runs now",
  ]);
});

it("a level that is late says what is awaited yet, how to end it, and what comes then", async () => {
  expect(late(await stack(), { ...traffic, level: "flag", what: "rollback to flag", rtoSeconds: 30 }, [canary], levers)).toBe(
    "The RTO of 30 s has passed; awaited yet: Deployment mindmend-backend-canary. It ends by itself; to end it now: Ctrl-C, then: rollback to traffic --stack mindmend",
  );
});
