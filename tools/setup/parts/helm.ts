import { versions } from "../../versions.ts";
import { commandPart } from "../command-part.ts";

const { helm: version } = versions;
const archive = `https://get.helm.sh/helm-v${version}-linux-amd64.tar.gz`;

export const helm = commandPart({
  name: "helm",
  title: "Helm",
  version,
  usually: "about 2 min",
  space: 8e8,
  wanted: [{ name: "helm", versionArguments: ["version", "--short"], accepts: ">=3.14.0 <4" }],
  downloads: [{ url: archive, checksums: `${archive}.sha256sum`, take: (entry) => (entry === "linux-amd64/helm" ? "helm" : undefined) }],
  build: {
    module: "helm",
    packages: ["helm.sh/helm/v3/cmd/helm"],
    variables: { "helm.sh/helm/v3/internal/version.version": `v${version}` },
  },
});
