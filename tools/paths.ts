import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ToolError } from "./errors.ts";
import { versions } from "./versions.ts";

/** The checkout: where package.json and Pulumi.yaml are. */
export const projectRoot = dirname(dirname(fileURLToPath(import.meta.url)));

/** What this checkout writes while it runs (state, passphrase, drills/, cluster links); git-ignored. */
export const workDir = join(projectRoot, ".rollback");

/**
 * The folder that every checkout of one user shares: binaries, Pulumi's home, images.
 * `$ROLLBACK_STACKS_CACHE`, else `$XDG_CACHE_HOME/rollback-stacks`, else `~/.cache/rollback-stacks`.
 * A relative `$XDG_CACHE_HOME` is ignored, as the XDG base directory specification asks.
 */
export function cacheRootFor(env: NodeJS.ProcessEnv, home: string): string {
  if (env.ROLLBACK_STACKS_CACHE) {
    if (!isAbsolute(env.ROLLBACK_STACKS_CACHE)) {
      throw new ToolError(`ROLLBACK_STACKS_CACHE must be an absolute path, not "${env.ROLLBACK_STACKS_CACHE}"`);
    }
    return env.ROLLBACK_STACKS_CACHE;
  }
  const base = env.XDG_CACHE_HOME && isAbsolute(env.XDG_CACHE_HOME) ? env.XDG_CACHE_HOME : join(home, ".cache");
  return join(base, "rollback-stacks");
}

export const cacheRoot = cacheRootFor(process.env, homedir());

/** One file per command: etcd, kube-apiserver, kubectl, coredns, kwok, helm, … */
export const binDir = join(cacheRoot, "bin");

/** Always used as PULUMI_HOME, so that the user's own `~/.pulumi` is never touched. */
export const pulumiHome = join(cacheRoot, "pulumi");

/** Beside the CLI: where the engine looks for language hosts first. */
export const pulumiBinDir = join(pulumiHome, "versions", versions.pulumi, "bin");

export const imagesDir = join(cacheRoot, "images");

export const compileCacheDir = join(cacheRoot, "compile-cache");
