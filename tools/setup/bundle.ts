import { mkdirSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, relative, resolve } from "node:path";
import { build, type Plugin } from "esbuild";
import { compileCacheDir, projectRoot } from "../paths.ts";
import { cachedNode } from "./parts/node.ts";
import { hash, hashFiles } from "./stamp.ts";

/** What libraries that still call `require` need in an ES module. */
const requireShim = 'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);';

/** An ES module's import of a part of Node reads all that it exports: of `node:http` that is undici too, which takes 50 ms to load. */
const builtins: Plugin = {
  name: "builtins",
  setup({ onResolve, onLoad }) {
    const filter = new RegExp(`^(node:.+|${builtinModules.join("|")})$`);
    onResolve({ filter, namespace: "file" }, ({ path }) => ({ path, namespace: "builtin" }));
    onLoad({ filter: /./, namespace: "builtin" }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

/** Bundles a program of this project into one file that needs no checkout. Returns its sources, relative to the project. */
export async function bundle(entry: string, outfile: string): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: projectRoot,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    banner: { js: requireShim },
    plugins: [builtins],
    metafile: true,
    logLevel: "silent",
  });
  return Object.keys(metafile.inputs)
    .map((file) => relative(projectRoot, resolve(projectRoot, file)))
    .filter((file) => !file.startsWith("node_modules"));
}

/** Changes when a bundle of these sources would. */
export function bundleFingerprint(inputs: string[]): string {
  return hash([process.versions.node, hashFiles(projectRoot, [...inputs, "package-lock.json", "tools/setup/bundle.ts"])]);
}

/** A command that runs a bundle on the cache's Node. */
export function writeLauncher(file: string, script: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const lines = [
    "#!/bin/sh",
    `export NODE_COMPILE_CACHE="\${NODE_COMPILE_CACHE:-${compileCacheDir}}"`,
    `exec "${cachedNode}" "${script}" "$@"`,
    "",
  ];
  writeFileSync(file, lines.join("\n"), { mode: 0o755 });
}
