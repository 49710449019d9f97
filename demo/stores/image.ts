import { createHash } from "node:crypto";
import { basename } from "node:path";
import { archiveOnce } from "../../images/archive.ts";
import { bundleFiles } from "../../images/build.ts";
import { type LayerFile, layerOf } from "../../images/layer.ts";
import { accountFiles, libraryFolder, nodeFiles, nonRootUser } from "../../images/node.ts";
import { architecture, packImages } from "../../images/oci.ts";
import { postgresqlFolder } from "../../tools/setup/parts/stores.ts";
import { postgresqlFiles, redisFiles } from "./files.ts";

export interface StoreImage {
  /** The archive to import. */
  archive: string;
  reference: string;
}

interface Store {
  name: string;
  layers: readonly LayerFile[][];
  path: string;
  entrypoint: string[];
  command: string[];
  stopSignal?: string;
}

/**
 * The images of the stores that drills run, out of the set-up part `stores`; it has to be there. The same packages give the same
 * digests. PostgreSQL's has Node beside it, for what is done before the server starts and for the steps around a backup.
 */
export async function buildStoreImages(outDir: string): Promise<{ postgresql: StoreImage; redis: StoreImage }> {
  const [base, postgresql, redis, programs] = await Promise.all([
    nodeFiles(),
    postgresqlFiles(),
    redisFiles(),
    bundleFiles({ postgresql: "demo/stores/postgresql.ts", database: "operations/database/main.ts" }),
  ]);
  const known = new Set(base.map(({ path }) => path));
  return {
    postgresql: await build(
      {
        name: "rollback-postgresql",
        layers: [base, postgresql.filter(({ path }) => !known.has(path)), programs],
        path: `/${postgresqlFolder()}/bin:/usr/local/bin`,
        entrypoint: ["/usr/local/bin/node"],
        command: ["/app/postgresql.mjs"],
        // Its SIGTERM waits for clients to leave.
        stopSignal: "SIGINT",
      },
      outDir,
    ),
    redis: await build(
      {
        name: "rollback-redis",
        layers: [[...redis, ...accountFiles]],
        path: "/usr/bin",
        entrypoint: ["/usr/bin/redis-server"],
        command: [],
      },
      outDir,
    ),
  };
}

async function build({ name, layers, path, ...store }: Store, outDir: string): Promise<StoreImage> {
  const hash = createHash("sha256").update(JSON.stringify([path, store]));
  for (const { path: file, content } of layers.flat()) hash.update(`${file}\0${content.length}\0`).update(content);
  const key = hash.digest("hex");
  const { archive, images } = await archiveOnce({ name, key, outDir }, async () =>
    packImages([
      {
        repository: `localhost/${name}`,
        version: basename(postgresqlFolder()),
        architecture,
        user: `${nonRootUser}:${nonRootUser}`,
        env: { PATH: path, LD_LIBRARY_PATH: `/${libraryFolder}` },
        ...store,
        workingDir: "/",
        layers: await Promise.all(layers.map((files, index) => layerOf(files, index === 0 ? { tmp: 0o1777 } : {}))),
      },
    ]),
  );
  return { archive, reference: images[0]?.reference ?? "" };
}
