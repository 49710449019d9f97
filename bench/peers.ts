/** The same change made by kubectl and helm, on the same pods in a plain Deployment with Kubernetes' default rolling update. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { V1Deployment } from "@kubernetes/client-node";
import { execa } from "execa";
import { binDir } from "../tools/paths.ts";
import type { BenchGround } from "./ground.ts";

const app = "peer";
const chart = "peer-chart";

export interface Peer {
  name: string;
  /** Everything on the candidate provider, with the known-good one as the revision before. */
  prepare: () => Promise<void>;
  /** What a person types. */
  rollBack: () => Promise<void>;
}

/** The contestants; `folder` is where the chart and helm's own files go. */
export async function peers(ground: BenchGround, folder: string): Promise<Peer[]> {
  const { cluster, kube, plan } = ground;
  const { fallback: good, candidate } = plan.providers;
  const kubectl = async (...args: string[]) => {
    await execa(join(binDir, "kubectl"), ["--kubeconfig", cluster.kubeconfig, "--context", cluster.context, "-n", kube.namespace, ...args]);
  };
  const helm = async (...args: string[]) => {
    const env = { HELM_CACHE_HOME: folder, HELM_CONFIG_HOME: folder, HELM_DATA_HOME: folder };
    const where = ["--kubeconfig", cluster.kubeconfig, "--kube-context", cluster.context, "-n", kube.namespace];
    await execa(join(binDir, "helm"), [...args, ...where], { env });
  };
  const template = (await kube.deployment(plan.service.tracks.stable.deployment)).spec?.template;
  if (template === undefined) throw new Error("the stack's own Deployment, whose pods the peers copy, is gone");
  const deployment = (provider: string) => plainDeployment(template, provider, plan.service.replicas);
  writeChart(join(folder, chart), deployment("{{ .Values.provider }}"), service);

  const twoRevisions = async () => {
    await helm("uninstall", app, "--wait", "--ignore-not-found");
    await kubectl("delete", "deployment,service", app, "--ignore-not-found", "--cascade=foreground");
    // The known-good revision starts no pod: only its place in the history is needed.
    const first = deployment(good);
    await kube.apply([
      { ...first, metadata: { name: app, namespace: kube.namespace }, spec: { ...first.spec, replicas: 0 } } as V1Deployment,
      { ...service, metadata: { ...service.metadata, namespace: kube.namespace } },
    ]);
    await kubectl("rollout", "status", `deployment/${app}`);
    await kubectl("set", "env", `deployment/${app}`, `AI_PROVIDER=${candidate}`);
    await kubectl("rollout", "status", `deployment/${app}`);
    await kubectl("scale", `deployment/${app}`, `--replicas=${plan.service.replicas}`);
    await kubectl("rollout", "status", `deployment/${app}`);
  };
  return [
    {
      name: "kubectl set env + rollout status",
      prepare: twoRevisions,
      async rollBack() {
        await kubectl("set", "env", `deployment/${app}`, `AI_PROVIDER=${good}`);
        await kubectl("rollout", "status", `deployment/${app}`);
      },
    },
    {
      name: "kubectl rollout undo",
      prepare: twoRevisions,
      async rollBack() {
        await kubectl("rollout", "undo", `deployment/${app}`);
        await kubectl("rollout", "status", `deployment/${app}`);
      },
    },
    {
      name: "helm rollback --wait",
      async prepare() {
        await helm("uninstall", app, "--wait", "--ignore-not-found");
        await kubectl("delete", "deployment,service", app, "--ignore-not-found", "--cascade=foreground");
        await helm("install", app, join(folder, chart), "--set", `provider=${good}`, "--wait");
        await helm("upgrade", app, join(folder, chart), "--set", `provider=${candidate}`, "--wait");
      },
      rollBack: () => helm("rollback", app, "1", "--wait"),
    },
  ];
}

/** Name of the peers' Service. */
export const peerService = app;

const service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: app },
  spec: { selector: { app }, ports: [{ port: 80, targetPort: "http" }] },
};

type Template = NonNullable<NonNullable<V1Deployment["spec"]>["template"]>;

/** The stack's own pods, told their provider and both keys in plain variables, as a plain Deployment would. */
function plainDeployment(template: Template, provider: string, replicas: number) {
  const variables = { AI_PROVIDER: provider, OPENAI_API_KEY: "bench", GEMINI_API_KEY: "bench" };
  const spec = structuredClone(template.spec);
  for (const container of spec?.containers ?? []) {
    const others = (container.env ?? []).filter(({ name }) => !(name in variables));
    container.env = [...others, ...Object.entries(variables).map(([name, value]) => ({ name, value }))];
  }
  if (spec) delete spec.topologySpreadConstraints;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: app },
    spec: { replicas, selector: { matchLabels: { app } }, template: { metadata: { labels: { app } }, spec } },
  };
}

function writeChart(folder: string, ...objects: object[]): void {
  mkdirSync(join(folder, "templates"), { recursive: true });
  writeFileSync(join(folder, "Chart.yaml"), `apiVersion: v2\nname: ${app}\nversion: 1.0.0\n`);
  objects.forEach((object, index) => {
    writeFileSync(join(folder, "templates", `${index}.yaml`), JSON.stringify(object));
  });
}
