import { basename } from "node:path";
import { versions } from "../../versions.ts";
import { commandPart } from "../command-part.ts";

const { traefik: version } = versions;
const release = `https://github.com/traefik/traefik/releases/download/v${version}`;

/** The data plane of the node's Gateway. Built here, it has no ACME client: the drill's Gateway has no certificate to fetch. */
export const traefik = commandPart({
  name: "traefik",
  title: "Traefik",
  version,
  usually: "about 6 min",
  space: 2e9,
  // The machine's own may be linked against libraries that an image of this one file does not have.
  wanted: [],
  files: ["traefik"],
  downloads: [
    {
      url: `${release}/traefik_v${version}_linux_amd64.tar.gz`,
      checksums: `${release}/traefik_v${version}_checksums.txt`,
      take: (entry) => (basename(entry) === "traefik" ? "traefik" : undefined),
    },
  ],
  build: {
    module: "traefik",
    packages: ["github.com/traefik/traefik/v3/cmd/traefik"],
    variables: { "github.com/traefik/traefik/v3/pkg/version.Version": version },
  },
});
