import { basename } from "node:path";
import { pulumiBinDir } from "../../paths.ts";
import { versions } from "../../versions.ts";
import { commandPart } from "../command-part.ts";

const { pulumi: version } = versions;

/** The engine, its language host for Node and what policy packs and dynamic providers need. */
const fromArchive = ["pulumi", "pulumi-language-nodejs", "pulumi-analyzer-policy", "pulumi-resource-pulumi-nodejs"];

export const pulumi = commandPart({
  name: "pulumi",
  title: "Pulumi CLI",
  version,
  usually: "about 8 min",
  space: 3e9,
  // A CLI without its language host beside it is of no use to the engine.
  wanted: [{ name: "pulumi", versionArguments: ["version"], accepts: `>=${version} <4`, beside: "pulumi-language-nodejs" }],
  downloads: [
    {
      url: `https://get.pulumi.com/releases/sdk/pulumi-v${version}-linux-x64.tar.gz`,
      checksums: `https://github.com/pulumi/pulumi/releases/download/v${version}/pulumi-${version}-checksums.txt`,
      take: (entry) => fromArchive.find((name) => name === basename(entry)),
    },
  ],
  build: {
    module: "pulumi",
    packages: ["github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"],
    variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": version },
  },
  // Where npm's `pulumi` wrapper looks for the version that it wraps.
  folder: pulumiBinDir,
});
