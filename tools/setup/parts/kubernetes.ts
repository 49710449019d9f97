import { versions } from "../../versions.ts";
import { commandPart } from "../command-part.ts";
import type { Download } from "../download.ts";

const { kubernetes: version } = versions;
const [major = "", minor = ""] = version.split(".");
const commands = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy"];

/** What the commands say of themselves, and what the API server answers at /version. */
const versionVariables = {
  "k8s.io/component-base/version.gitVersion": `v${version}`,
  "k8s.io/component-base/version.gitMajor": major,
  "k8s.io/component-base/version.gitMinor": minor,
  "k8s.io/component-base/version.gitTreeState": "clean",
};

export const kubernetes = commandPart({
  name: "kubernetes",
  title: "Kubernetes",
  version,
  usually: "about 9 min",
  space: 3.5e9,
  wanted: commands.map((name) => ({ name, versionArguments: ["--version"], accepts: `~${major}.${minor}.0` })),
  downloads: commands.map(official),
  build: {
    module: "kubernetes",
    packages: commands.map((name) => `k8s.io/kubernetes/cmd/${name}`),
    variables: versionVariables,
  },
  needs: ["pause"],
});

export const kubectl = commandPart({
  name: "kubectl",
  title: "kubectl",
  version,
  usually: "about 1 min",
  space: 3e8,
  // Kubernetes supports kubectl one minor version off the API server's.
  wanted: [{ name: "kubectl", versionArguments: ["version", "--client"], accepts: `>=1.${Number(minor) - 1} <1.${Number(minor) + 2}` }],
  downloads: [official("kubectl")],
  build: { module: "kubernetes", packages: ["k8s.io/kubernetes/cmd/kubectl"], variables: versionVariables },
  after: ["kubernetes"],
});

function official(name: string): Download {
  const url = `https://dl.k8s.io/v${version}/bin/linux/amd64/${name}`;
  return { url, checksums: `${url}.sha256` };
}
