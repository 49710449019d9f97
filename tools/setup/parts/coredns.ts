import { versions } from "../../versions.ts";
import { commandPart } from "../command-part.ts";

const { coredns: version } = versions;
const archive = `https://github.com/coredns/coredns/releases/download/v${version}/coredns_${version}_linux_amd64.tgz`;

export const coredns = commandPart({
  name: "coredns",
  title: "CoreDNS",
  version,
  usually: "about 30 s",
  space: 2e8,
  wanted: [{ name: "coredns", versionArguments: ["-version"], accepts: ">=1.11.0 <2" }],
  downloads: [{ url: archive, checksums: `${archive}.sha256`, take: (entry) => (entry === "coredns" ? entry : undefined) }],
  build: { module: "kubernetes", packages: ["./coredns"] },
  after: ["kubernetes"],
});
