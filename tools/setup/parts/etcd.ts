import { versions } from "../../versions.ts";
import { commandPart } from "../command-part.ts";

const { etcd: version } = versions;
const release = `https://github.com/etcd-io/etcd/releases/download/v${version}`;
const name = `etcd-v${version}-linux-amd64`;

export const etcd = commandPart({
  name: "etcd",
  title: "etcd",
  version,
  usually: "about 1 min",
  space: 5e8,
  // Debian's 3.4 answers Kubernetes 1.35 now and then with "Too large resource version".
  wanted: [{ name: "etcd", versionArguments: ["--version"], accepts: ">=3.6.0 <4" }],
  downloads: [
    {
      url: `${release}/${name}.tar.gz`,
      checksums: `${release}/SHA256SUMS`,
      take: (entry) => (entry === `${name}/etcd` ? "etcd" : undefined),
    },
  ],
  build: { module: "etcd", packages: ["go.etcd.io/etcd/server/v3"], output: "etcd" },
});
