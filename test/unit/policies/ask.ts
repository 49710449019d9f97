import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import * as proxy from "@pulumi/policy/proxy.js";

// Left out of the SDK's types, though policies can only be tested with it.
const { unknownCheckingProxy, unknownStringValue } = proxy as unknown as {
  unknownCheckingProxy<T>(inputs: T): T;
  unknownStringValue: string;
};

/** Stands where a preview does not know the value yet. */
export const unknown = unknownStringValue;

// biome-ignore lint/suspicious/noExplicitAny: whatever a program writes
type Inputs = any;

export interface Asked {
  type: string;
  inputs: Inputs;
  opts?: Inputs;
  urn?: string;
  name?: string;
}

export interface Answer {
  violations: string[];
  /** What the SDK tells of a value that is not known. */
  unknown?: string;
}

/** What a policy says of a resource, or of a stack of several, as the SDK would ask it. */
export async function ask(policy: ResourceValidationPolicy | StackValidationPolicy, ...resources: Asked[]): Promise<Answer> {
  const violations: string[] = [];
  const report = (message: string): void => void violations.push(message);
  const args = resources.map(({ type, inputs, opts = {}, urn = "", name = "shop" }) => ({
    ...{ type, urn, name, opts },
    props: unknownCheckingProxy(inputs),
  }));
  try {
    if ("validateStack" in policy) await policy.validateStack({ resources: args } as never, report);
    else for (const each of args) await (policy.validateResource as (args: never, report: unknown) => void)(each as never, report);
    return { violations };
  } catch (error) {
    return { violations, unknown: (error as Error).message };
  }
}

/** The resource after a person did what the messages say. */
export function mended({ inputs, opts = {}, ...resource }: Asked, messages: readonly string[]): Asked {
  const after = structuredClone({ ...inputs, opts });
  for (const message of messages) apply(after, /mend it with: in the program, (.*)$/.exec(message)?.[1] ?? "");
  const { opts: options, ...rest } = after;
  return { ...resource, inputs: rest, opts: options };
}

function apply(holder: Inputs, instruction: string): void {
  const [, removed] = /^delete (.*)$/.exec(instruction) ?? [];
  for (const path of removed?.split(" and ") ?? []) {
    const [parent, last] = parentOf(holder, path);
    delete parent[last];
  }
  const [, path, value = ""] = /^(\S+) = (.*)$/.exec(instruction) ?? [];
  if (path === undefined) return;
  const [parent, last] = parentOf(holder, path);
  parent[last] = JSON.parse(value.replace("<digest>", "a".repeat(64)));
}

/** What holds the field at a path, made where it is not there. */
function parentOf(holder: Inputs, path: string): [parent: Inputs, key: string] {
  const keys = [...path.matchAll(/\["(.*?)"\]|\[(\d+)\]|([\w$]+)/g)].map(([, quoted, index, key]) => quoted ?? index ?? key ?? "");
  const last = keys.pop() ?? "";
  const parent = keys.reduce((inner, key) => {
    inner[key] ??= {};
    return inner[key];
  }, holder);
  return [parent, last];
}

const image = `registry.example/shop@sha256:${"a".repeat(64)}`;

/** A Deployment that breaks no rule. `pod` and `container` say what is otherwise, `spec` what is otherwise of the Deployment. */
export function deployment({ pod = {}, container = {}, spec = {} }: Record<string, Inputs> = {}): Asked {
  const labels = { app: "shop" };
  return {
    type: "kubernetes:apps/v1:Deployment",
    inputs: {
      metadata: { name: "shop" },
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
        template: { metadata: { labels }, spec: { ...goodPod, containers: [{ ...goodContainer, ...container }], ...pod } },
        ...spec,
      },
    },
  };
}

const goodContainer = {
  name: "shop",
  image,
  ports: [{ containerPort: 8080 }],
  resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "64Mi" } },
  securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
  readinessProbe: { httpGet: { path: "/health", port: 8080 } },
  livenessProbe: { tcpSocket: { port: 8080 } },
  lifecycle: { preStop: { sleep: { seconds: 3 } } },
};

const goodPod = {
  automountServiceAccountToken: false,
  terminationGracePeriodSeconds: 18,
  securityContext: { runAsNonRoot: true },
};
