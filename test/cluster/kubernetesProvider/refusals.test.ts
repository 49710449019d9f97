import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { answers } from "./faults.ts";
import { configMap, type Declared, deployment } from "./objects.ts";
import { newSimulatedCluster, type SimulatedCluster } from "./simulatedCluster.ts";
import { newStack, type TestStack } from "./stack.ts";
import { newWebhook, type Webhook, webhookConfiguration } from "./webhook.ts";

let on: SimulatedCluster;
let stack: TestStack;
beforeAll(async () => {
  on = await newSimulatedCluster();
  stack = await newStack("objects", on.proxy.kubeconfig);
});
afterAll(async () => {
  stack?.close();
  await on?.close();
});

const failing = (run: Promise<{ all: string }>): Promise<{ all: string; exitCode?: number }> =>
  run.then(
    () => ({ all: "no error" }),
    (error) => error,
  );
const as = (token: string) => stack.config({ "kubernetes:kubeconfig": on.proxy.kubeconfigWith(token) });
const preview = (settings = stack.config()) => stack.pulumi("preview", ...settings);
const up = (settings = stack.config(), ...args: string[]) => stack.pulumi("up", "--yes", "--skip-preview", ...args, ...settings);

describe("credentials that ran out", () => {
  const mend =
    "the API server refuses the credentials of the kubeconfig (401 Unauthorized); they may have expired, renew them and run the update again";

  it("are told before anything is tried, with what to do", async () => {
    stack.declare([configMap("never")]);
    const { all, exitCode } = await failing(preview(as("expired")));
    expect(all).toContain(mend);
    expect(exitCode).not.toBe(0);
  });

  it("are told while an object is awaited, which stays in the state", async () => {
    stack.declare([deployment("halfway", { nodeSelector: { nowhere: "" } })]);
    on.proxy.rules.push({ on: /name=halfway&watch=true/, fault: answers(401, "Unauthorized") });
    expect((await failing(up())).all).toContain(`Deployment default/halfway was applied but could not be watched: ${mend}`);
    expect(Object.keys(await stack.state())).toEqual(["halfway"]);
    on.proxy.reset();
  });
});

describe("a user who may not do it all", () => {
  /** Token of an account that may do only this with these resources of the namespace `default`. */
  async function accountFor(name: string, verbs: string, resources: string): Promise<string> {
    await on.kubectl("create", "serviceaccount", name);
    await on.kubectl("create", "role", name, `--verb=${verbs}`, `--resource=${resources}`);
    await on.kubectl("create", "rolebinding", name, `--role=${name}`, `--serviceaccount=default:${name}`);
    return on.kubectl("create", "token", name);
  }

  it("can preview, and learns which verb, resource, user and namespace lacks a role when it is done", async () => {
    const reader = as(await accountFor("reader", "get,list,watch", "configmaps,deployments"));
    stack.declare([configMap("refused")]);
    const why =
      'ConfigMap default/refused: configmaps "refused" is forbidden: User "system:serviceaccount:default:reader" cannot patch resource ' +
      '"configmaps" in API group "" in the namespace "default"; give that user a role that allows the verb, or use another context';
    expect((await preview(reader)).all).toContain(`warning: previewed without the server: ${why}`);
    expect((await failing(up(reader))).all).toContain(`error: ${why}`);
  });

  it("deploys without seeing the pods, and learns why a failure has no reasons", async () => {
    const deployer = as(await accountFor("deployer", "get,list,watch,create,patch,delete", "deployments"));
    stack.declare([deployment("blind")]);
    await up(deployer);
    const impatient = { "pulumi.com/timeoutSeconds": "2" };
    stack.declare([deployment("blind", { nodeSelector: { nowhere: "" } }, { annotations: impatient })]);
    expect((await failing(up(deployer))).all).toMatch(
      /Deployment default\/blind was not ready within 2 s: .+; what would explain it cannot be seen: \S+ is forbidden: User "system:serviceaccount:default:deployer" cannot list resource "(pods|replicasets|events)"/,
    );
  });

  it("learns that the object is there but cannot be watched", async () => {
    const writer = as(await accountFor("writer", "get,create,patch,delete", "deployments"));
    stack.declare([deployment("unseen")]);
    expect((await failing(up(writer, "--target", "**unseen"))).all).toContain(
      'Deployment default/unseen was applied but could not be watched: deployments.apps "unseen" is forbidden: User "system:serviceaccount:default:writer" ' +
        'cannot watch resource "deployments" in API group "apps" in the namespace "default"; give that user a role that allows the verb, or use another context',
    );
    expect(Object.keys(await stack.state())).toContain("unseen");
  });
});

describe("admission", () => {
  const checked = { labels: { checked: "yes" } };
  let webhook: Webhook;
  beforeAll(async () => {
    webhook = await newWebhook((name) => (name === "bad" ? "it has no owner" : undefined));
    await on.create(webhookConfiguration("owners.example.com", "checked", webhook));
    await on.create(freezePolicy);
    await on.create(freezeBinding);
    stack.declare([frozen("None")]);
    await up();
    // A policy takes effect a moment after it is there.
    const tried = () =>
      on.kubectl("label", "service", "frozen", "a=b", "--dry-run=server").then(
        () => "",
        (error) => error.stderr,
      );
    await vi.waitFor(async () => expect(await tried()).toContain("freeze"), { timeout: 30_000 });
  });
  afterAll(() => webhook?.close());

  it("of a webhook refuses in the preview already, with its name and reason", async () => {
    stack.declare([frozen("None"), configMap("good", {}, checked), configMap("bad", {}, checked)]);
    const why = 'ConfigMap default/bad: admission webhook "owners.example.com" denied the request: it has no owner';
    expect((await failing(preview())).all).toContain(why);
    expect((await failing(up())).all).toContain(why);
    expect(Object.keys(await stack.state())).toContain("good");
  });

  it("of a policy refuses with its name and reason, which replaces nothing whatever its words", async () => {
    stack.declare([frozen("ClientIP"), configMap("good", {}, checked)]);
    const why = "ValidatingAdmissionPolicy 'freeze' with binding 'freeze' denied request: field is immutable until Monday";
    const { all } = await failing(preview());
    expect(all).toContain(why);
    expect(all).not.toContain("replace");
  });

  it("of a webhook that is gone ends after a few attempts, with the request and the webhook", async () => {
    webhook.close();
    stack.declare([frozen("None"), configMap("good", {}, { labels: { ...checked.labels, tier: "gold" } })]);
    expect((await failing(up())).all).toMatch(
      /ConfigMap default\/good: the API server answered PATCH \/api\/v1\/namespaces\/default\/configmaps\/good with 500 Internal Server Error 7 times: Internal error occurred: failed calling webhook "owners\.example\.com"/,
    );
  });

  const frozen = (sessionAffinity: string): Declared => {
    const metadata = { name: "frozen" };
    return { name: "frozen", object: { apiVersion: "v1", kind: "Service", metadata, spec: { ports: [{ port: 80 }], sessionAffinity } } };
  };
  const freezePolicy = {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicy",
    metadata: { name: "freeze" },
    spec: {
      matchConstraints: { resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["UPDATE"], resources: ["services"] }] },
      validations: [{ expression: "object.metadata.name != 'frozen'", message: "field is immutable until Monday" }],
    },
  };
  const freezeBinding = {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: { name: "freeze" },
    spec: { policyName: "freeze", validationActions: ["Deny"] },
  };
});
