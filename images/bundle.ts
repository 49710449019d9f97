import path from "node:path";
import { build } from "esbuild";

/** What libraries that still call `require` need in an ES module. */
const requireShim = 'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);';

const root = path.resolve(import.meta.dirname, "..");

/**
 * Bundles programs (name of the bundle → source, relative to the checkout) for Node into `outDir`: `<name>.mjs` each, and the
 * chunks they load when needed. The same sources give the same bytes.
 * @returns the written files, as paths relative to `outDir`, sorted.
 */
export async function bundlePrograms(programs: Record<string, string>, outDir: string): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: programs,
    outdir: path.resolve(outDir),
    outExtension: { ".js": ".mjs" },
    chunkNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    platform: "node",
    target: "node24",
    format: "esm",
    banner: { js: requireShim },
    metafile: true,
    logLevel: "silent",
  });
  return Object.keys(metafile.outputs)
    .map((file) => path.relative(path.resolve(outDir), path.resolve(root, file)))
    .sort();
}
