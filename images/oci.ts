import { createHash } from "node:crypto";
import { type LayerFile, tarOf } from "./layer.ts";

/** This machine's, as images name it. */
export const architecture = process.arch === "arm64" ? "arm64" : "amd64";

export interface ImageSpec {
  /** Name without tag or digest, e.g. `localhost/rollback-demo`. */
  repository: string;
  version: string;
  architecture: typeof architecture;
  user: string;
  env: Record<string, string>;
  entrypoint: string[];
  command: string[];
  workingDir: string;
  /** What tells it to end; default SIGTERM. */
  stopSignal?: string;
  /** Uncompressed tars, lowest first. */
  layers: Buffer[];
}

export interface PackedImage {
  /** `sha256:…` of the manifest, which is what a kubelet resolves. */
  digest: string;
  /** `<repository>@<digest>` */
  reference: string;
}

export const manifestType = "application/vnd.oci.image.manifest.v1+json";

/**
 * One OCI image layout as a tar that `ctr images import` takes, each image named by its digest. A Docker archive would not do:
 * there containerd writes a manifest of its own, so the digest is known only after the import. Layers shared by several images
 * are in it once.
 */
export async function packImages(specs: ImageSpec[]): Promise<{ archive: Buffer; images: PackedImage[] }> {
  const blobs = new Map<string, Buffer>();
  const put = (mediaType: string, content: Buffer) => {
    const digest = `sha256:${createHash("sha256").update(content).digest("hex")}`;
    blobs.set(digest, content);
    return { mediaType, digest, size: content.length };
  };
  const layersOf = new Map<Buffer, ReturnType<typeof put>>();
  for (const layer of new Set(specs.flatMap((spec) => spec.layers))) {
    layersOf.set(layer, put("application/vnd.oci.image.layer.v1.tar", layer));
  }

  const manifests = specs.map((spec) => {
    const layers = spec.layers.flatMap((layer) => layersOf.get(layer) ?? []);
    const platform = { architecture: spec.architecture, os: "linux" };
    const config = put("application/vnd.oci.image.config.v1+json", json(configOf(spec, platform, layers)));
    const manifest = put(manifestType, json({ schemaVersion: 2, mediaType: manifestType, config, layers }));
    const annotations = { "io.containerd.image.name": `${spec.repository}@${manifest.digest}` };
    return { ...manifest, platform, annotations };
  });
  const files: LayerFile[] = [
    { path: "oci-layout", content: json({ imageLayoutVersion: "1.0.0" }) },
    { path: "index.json", content: json({ schemaVersion: 2, mediaType: "application/vnd.oci.image.index.v1+json", manifests }) },
    ...[...blobs].map(([digest, content]) => ({ path: `blobs/${digest.replace(":", "/")}`, content })),
  ];
  const images = manifests.map(({ digest, annotations }) => ({ digest, reference: annotations["io.containerd.image.name"] }));
  return { archive: await tarOf(files), images };
}

function configOf(spec: ImageSpec, platform: { architecture: string; os: string }, layers: { digest: string }[]) {
  const created = "1970-01-01T00:00:00Z";
  return {
    ...platform,
    created,
    config: {
      User: spec.user,
      Env: Object.entries(spec.env).map(([name, value]) => `${name}=${value}`),
      Entrypoint: spec.entrypoint,
      Cmd: spec.command,
      WorkingDir: spec.workingDir,
      StopSignal: spec.stopSignal,
      Labels: { "org.opencontainers.image.version": spec.version },
    },
    // An uncompressed layer's digest is also its diff id.
    rootfs: { type: "layers", diff_ids: layers.map(({ digest }) => digest) },
    history: layers.map(() => ({ created })),
  };
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
