import path from "node:path";
import { build } from "esbuild";

/** The programs of the demo's image, by the name of their bundle. */
const programs = { service: "demo/service/main.ts", providers: "demo/providers/main.ts" };

/** What libraries that still call `require` need in an ES module. */
const requireShim = 'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);';

/**
 * Bundles the demo's programs for Node into `outDir`: `service.mjs`, `providers.mjs` and the chunks they load when needed.
 * The same sources give the same bytes.
 * @returns the written files, as paths relative to `outDir`, sorted.
 */
export async function bundleDemo(outDir: string): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: path.resolve(import.meta.dirname, ".."),
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
  const root = path.resolve(import.meta.dirname, "..");
  return Object.keys(metafile.outputs)
    .map((file) => path.relative(path.resolve(outDir), path.resolve(root, file)))
    .sort();
}
