import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { projectRoot } from "../../../tools/paths.ts";
import { versions } from "../../../tools/versions.ts";

const goModule = (name: string): string => readFileSync(join(projectRoot, "tools", "go", name, "go.mod"), "utf8");
const manifest = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8"));

test.each([
  ["pulumi", "github.com/pulumi/pulumi/pkg/v3", versions.pulumi],
  ["kubernetes", "k8s.io/kubernetes", versions.kubernetes],
  ["kubernetes", "github.com/coredns/coredns", versions.coredns],
  ["etcd", "go.etcd.io/etcd/server/v3", versions.etcd],
  ["kwok", "sigs.k8s.io/kwok", versions.kwok],
  ["helm", "helm.sh/helm/v3", versions.helm],
  ["gateway-api", "sigs.k8s.io/gateway-api", versions.gatewayApi],
  ["actionlint", "github.com/rhysd/actionlint", versions.actionlint],
  ["traefik", "github.com/traefik/traefik/v3", versions.traefik],
])("tools/go/%s builds %s at the version that set-up downloads", (name, path, version) => {
  expect(goModule(name)).toMatch(new RegExp(`^(\\s|require )${path} v${version.replaceAll(".", "\\.")}( |$)`, "m"));
});

test("the CLI, npm's wrapper of it and the SDK are one version, as is the Kubernetes provider and its SDK", () => {
  expect(manifest.devDependencies.pulumi).toBe(versions.pulumi);
  expect(manifest.dependencies["@pulumi/pulumi"]).toBe(versions.pulumi);
  expect(manifest.dependencies["@pulumi/kubernetes"]).toBe(versions.kubernetesProvider);
});
