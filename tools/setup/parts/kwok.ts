import { versions } from "../../versions.ts";
import { commandPart } from "../command-part.ts";

const { kwok: version } = versions;

export const kwok = commandPart({
  name: "kwok",
  title: "kwok",
  version,
  usually: "about 2 min",
  space: 8e8,
  wanted: [{ name: "kwok", versionArguments: ["--version"], accepts: ">=0.7.0 <1" }],
  downloads: [
    {
      url: `https://github.com/kubernetes-sigs/kwok/releases/download/v${version}/kwok-linux-amd64`,
      // The release has no file of checksums; GitHub states each asset's digest.
      checksums: `https://api.github.com/repos/kubernetes-sigs/kwok/releases/tags/v${version}`,
      as: "kwok",
    },
  ],
  build: {
    module: "kwok",
    packages: ["sigs.k8s.io/kwok/cmd/kwok"],
    variables: { "sigs.k8s.io/kwok/pkg/consts.Version": `v${version}` },
  },
});
