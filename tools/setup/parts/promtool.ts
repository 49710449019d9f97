import { basename } from "node:path";
import { versions } from "../../versions.ts";
import { commandPart } from "../command-part.ts";

const { prometheus: version } = versions;
const release = `https://github.com/prometheus/prometheus/releases/download/v${version}`;

/** Prometheus's own test of alerting rules. Not built here: its modules are every cloud's SDK. */
export const promtool = commandPart({
  name: "promtool",
  title: "promtool",
  version,
  usually: "about 10 s",
  space: 3e8,
  // The first with keep_firing_for.
  wanted: [{ name: "promtool", versionArguments: ["--version"], accepts: ">=2.42.0 <4" }],
  debianPackage: "prometheus",
  downloads: [
    {
      url: `${release}/prometheus-${version}.linux-amd64.tar.gz`,
      checksums: `${release}/sha256sums.txt`,
      take: (entry) => (basename(entry) === "promtool" ? "promtool" : undefined),
    },
  ],
});
