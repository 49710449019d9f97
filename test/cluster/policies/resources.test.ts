import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { guards } from "../../../components/guards/list.ts";
import { ruleNames } from "../../../components/guards/names.ts";
import { policies } from "../../../policies/policies.ts";
import { type Asked, deployment, mended } from "../../unit/policies/ask.ts";
import { PolicedCluster } from "./policedCluster.ts";
import { RawStack, type Violation } from "./rawStack.ts";

const pod = "spec.template.spec";
const container = `${pod}.containers[0]`;
const one = { replicas: 1 };
const named = (name: string, resource: Asked): Asked => ({
  ...resource,
  name,
  inputs: { ...resource.inputs, metadata: { ...resource.inputs.metadata, name } },
});

/** Nothing provides it with a volume here. */
const claim = {
  metadata: { annotations: { "pulumi.com/skipAwait": "true" } },
  spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
};

/** What breaks each rule, and what is said of it. */
const broken: Record<string, { resource: Asked; messages: string[] }> = {
  "image-by-digest": {
    resource: deployment({ spec: one, container: { image: "registry.example/shop:1" } }),
    messages: [
      `${container}.image: is "registry.example/shop:1"; expected a name and a digest\n    mend it with: in the program, ${container}.image = "registry.example/shop@sha256:<digest>"`,
    ],
  },
  "no-plain-secrets": {
    resource: { type: "kubernetes:core/v1:ConfigMap", inputs: { data: { OPENAI_API_KEY: "hunter2", AI_PROVIDER: "openai" } } },
    messages: [
      "data.OPENAI_API_KEY: is plain text, and its name says that it is a secret; expected it in a Secret instead\n    mend it with: in the program, delete data.OPENAI_API_KEY",
    ],
  },
  "no-public-secrets": {
    resource: { type: "kubernetes:core/v1:Secret", inputs: { stringData: { VITE_GEMINI_API_KEY: "hunter2", GEMINI_API_KEY: "hunter2" } } },
    messages: [
      "data.VITE_GEMINI_API_KEY: goes into the page, and it comes from a Secret; expected nothing secret under this name\n    mend it with: in the program, delete stringData.VITE_GEMINI_API_KEY and data.VITE_GEMINI_API_KEY",
    ],
  },
  "provider-credentials": {
    resource: { type: "kubernetes:core/v1:Secret", inputs: { stringData: { OPENAI_API_KEY: "changeme" } } },
    messages: [
      'data.OPENAI_API_KEY: is a placeholder; expected the real value, from a secret of the stack (pulumi config set --secret)\n    mend it with: in the program, stringData.OPENAI_API_KEY = "<the value, from config.requireSecret>"',
    ],
  },
  "no-gap": {
    resource: deployment({ spec: { ...one, strategy: { type: "RollingUpdate" } } }),
    messages: [
      "spec.strategy.rollingUpdate.maxUnavailable: is not set; expected 0\n    mend it with: in the program, spec.strategy.rollingUpdate.maxUnavailable = 0",
    ],
  },
  "disruption-budget": {
    resource: deployment(),
    messages: [
      'spec.replicas: is 2, and no PodDisruptionBudget selects the pods; expected one that does\n    mend it with: in the program, new PodDisruptionBudget("disruption-budget", {"spec":{"maxUnavailable":1,"selector":{"matchLabels":{"app":"shop"}}}})',
    ],
  },
  "resource-limits": {
    resource: deployment({ spec: one, container: { resources: { requests: { cpu: "10m", memory: "32Mi" } } } }),
    messages: [
      `${container}.resources.limits.memory: is not set; expected an amount, such as 256Mi\n    mend it with: in the program, ${container}.resources.limits.memory = "256Mi"`,
    ],
  },
  "security-context": {
    resource: deployment({ spec: one, pod: { hostNetwork: true, securityContext: {} } }),
    messages: [
      `${pod}.hostNetwork: is true; expected none\n    mend it with: in the program, delete ${pod}.hostNetwork`,
      `${container}.securityContext.runAsNonRoot: is not set; expected true, here or for the whole pod\n    mend it with: in the program, ${container}.securityContext.runAsNonRoot = true`,
    ],
  },
  "stateful-protected": {
    resource: { type: "kubernetes:core/v1:PersistentVolumeClaim", inputs: claim },
    messages: ["opts.protect: is false; expected true\n    mend it with: in the program, opts.protect = true"],
  },
  "alert-runbook": {
    resource: {
      type: "kubernetes:monitoring.coreos.com/v1:PrometheusRule",
      inputs: {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "PrometheusRule",
        spec: {
          groups: [
            {
              name: "shop",
              rules: [{ alert: "ShopDown", expr: "up == 0", labels: { severity: "critical" }, annotations: { summary: "Shop is down" } }],
            },
          ],
        },
      },
    },
    messages: [
      'spec.groups[0].rules[0].annotations.runbook_url: is not set; expected an address\n    mend it with: in the program, spec.groups[0].rules[0].annotations.runbook_url = "https://<runbook>"',
    ],
  },
};

const breaking = Object.entries(broken).map(([rule, { resource }]) => named(rule, resource));
const said = Object.entries(broken).flatMap(([rule, { messages }]) =>
  messages.map((message): Violation => ({ level: "mandatory", rule, name: rule, message })),
);
const sorted = (violations: Violation[]) => [...violations].sort((a, b) => (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0));

let cluster: PolicedCluster;
let stack: RawStack;

beforeAll(async () => {
  cluster = await PolicedCluster.start();
  stack = await RawStack.make(cluster.config());
});

afterAll(async () => {
  stack?.remove();
  await cluster?.close();
});

/** The resources as their messages say, with what a person has to choose chosen. */
function afterwards(violations: Violation[]): Asked[] {
  const all = breaking.map((resource) => {
    const of = violations.filter(({ name, message }) => name === resource.name && !message.includes("new PodDisruptionBudget"));
    return mended(
      resource,
      of.map(({ message }) =>
        message.replace("<the value, from config.requireSecret>", "hunter2").replace("<runbook>", "runbooks.example"),
      ),
    );
  });
  const budgets = violations.flatMap(({ message }) => {
    const [, name = "", inputs] = /new PodDisruptionBudget\("(.*?)", (.*)\)$/.exec(message) ?? [];
    return inputs ? [{ type: "kubernetes:policy/v1:PodDisruptionBudget", name: `${name}-budget`, inputs: JSON.parse(inputs) }] : [];
  });
  return [...all, ...budgets];
}

describe("the pack, asked of resources that are none of this project's", () => {
  it("has a rule of resources for each name that is no guard's or the pack's own, broken here once", () => {
    const others: readonly string[] = ["pack-current", ...guards.map(({ name }) => name)];
    const ofResources = policies.map(({ name }) => name).filter((name) => !others.includes(name));
    expect(Object.keys(broken)).toEqual(ofResources);
    expect(ruleNames.slice(-ofResources.length)).toEqual(ofResources);
  });

  it("refuses in a preview, at once, what breaks each of them, and says what mends it", async () => {
    const { violations, exitCode } = await stack.run("preview", breaking);
    expect(exitCode).not.toBe(0);
    expect(sorted(violations)).toEqual(sorted(said));
  });

  it("lets no update change anything then", async () => {
    const { exitCode } = await cluster.untouched(() => stack.run("up --yes", breaking));
    expect(exitCode).not.toBe(0);
    expect(await stack.made()).toEqual([]);
  });

  it("passes once every field is as the messages say", async () => {
    const after = afterwards(said);
    const { violations, exitCode, all } = await stack.run("up --yes", after);
    expect(violations, all).toEqual([]);
    expect(exitCode, all).toBe(0);
    expect((await stack.made()).sort()).toEqual(["first", ...after.map(({ name }) => name)].sort());
  });

  it("has made sure that no later update deletes what holds data", async () => {
    const { all, exitCode } = await stack.run(
      "up --yes",
      afterwards(said).filter(({ name }) => name !== "stateful-protected"),
    );
    expect(all).toMatch(/stateful-protected[\s\S]* protected/);
    expect(exitCode).not.toBe(0);
    expect(await stack.made()).toContain("stateful-protected");
  });
});

describe("a value that a preview does not know", () => {
  const built = named("built", deployment({ spec: one, container: { image: "<unknown>", resources: {} } }));
  let other: RawStack;

  beforeAll(async () => {
    other = await RawStack.make(cluster.config("other"));
  });

  afterAll(() => other.remove());

  it("is said of each rule that needs it, and hides nothing that others find", async () => {
    const { violations } = await other.run("preview", [built]);
    expect(violations.filter(({ level }) => level === "mandatory").map(({ rule }) => rule)).toEqual(Array(3).fill("resource-limits"));
    expect(violations.filter(({ level }) => level === "advisory")).toEqual([
      {
        level: "advisory",
        rule: "image-by-digest",
        name: "built",
        message:
          "can't run policy 'image-by-digest' from policy pack 'rollback-stacks@v0.1.0' during preview: string value at .spec.template.spec.containers.0.image can't be known during preview",
      },
    ]);
  });

  it("is looked at in the update, before the resource changes", async () => {
    const { violations, exitCode } = await other.run("up --yes", [
      named("built", deployment({ spec: one, container: { image: "<unknown>" } })),
    ]);
    expect(violations.map(({ level, rule }) => `${level} ${rule}`)).toContain("mandatory image-by-digest");
    expect(exitCode).not.toBe(0);
    expect(await other.made()).toEqual(["first"]);
  });

  it("is exempt where the stack says so, until then, and never silently", async () => {
    const tagged = named("tagged", deployment({ spec: one, container: { image: "shop:1" } }));
    const exempting = async (expiresAt: string) => {
      const fields = { policy: "image-by-digest", resource: "tagged", reason: "no digest yet", approvedBy: "lead:ann", expiresAt };
      for (const [key, value] of Object.entries(fields)) await other.pulumi("config", "set", "--path", `exemptions[0].${key}`, value);
      return other.run("preview", [tagged]);
    };
    const until = await exempting("2999-01-01");
    expect(until.violations).toEqual([]);
    expect(until.exitCode).toBe(0);
    expect(until.all).toContain(
      `exempt from image-by-digest until 2999-01-01 (lead:ann: no digest yet): tagged: ${container}.image: is "shop:1"`,
    );
    expect((await exempting("2001-01-01")).exitCode).not.toBe(0);
  });
});
