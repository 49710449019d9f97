import { versions } from "../../versions.ts";
import { commandPart } from "../command-part.ts";

const { actionlint: version } = versions;
const release = `https://github.com/rhysd/actionlint/releases/download/v${version}`;

/** The check of GitHub's workflows: what runs them cannot be run here. */
export const actionlint = commandPart({
  name: "actionlint",
  title: "actionlint",
  version,
  usually: "about 30 s",
  space: 1e8,
  wanted: [{ name: "actionlint", versionArguments: ["-version"], accepts: ">=1.7.11 <2" }],
  downloads: [
    {
      url: `${release}/actionlint_${version}_linux_amd64.tar.gz`,
      checksums: `${release}/actionlint_${version}_checksums.txt`,
      take: (entry) => (entry === "actionlint" ? "actionlint" : undefined),
    },
  ],
  build: {
    module: "actionlint",
    packages: ["github.com/rhysd/actionlint/cmd/actionlint"],
    variables: { "github.com/rhysd/actionlint.version": version },
  },
});
