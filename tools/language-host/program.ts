import { createRequire } from "node:module";
import { join } from "node:path";
import type { ProgramInfo } from "@pulumi/pulumi/proto/language_pb.js";
import { programNode } from "./node.ts";

/** The `runtime.options` of Pulumi.yaml or PulumiPolicy.yaml that this host knows; the others are ignored, as Pulumi's host does. */
export interface RuntimeOptions {
  /** Whether TypeScript is compiled while it is loaded (ts-node); default true. False leaves it to Node's type stripping. */
  typescript: boolean;
  /** Path of the tsconfig.json to compile with. */
  tsconfig?: string;
  /** Arguments for `node` itself. */
  nodeargs: string[];
  /** What `pulumi install` runs; default npm. */
  packagemanager: string;
}

export function runtimeOptions(info: ProgramInfo | undefined): RuntimeOptions {
  const options = (info?.getOptions()?.toJavaScript() ?? {}) as Record<string, unknown>;
  return {
    typescript: options.typescript !== false,
    tsconfig: typeof options.tsconfig === "string" ? options.tsconfig : undefined,
    nodeargs: typeof options.nodeargs === "string" ? splitArguments(options.nodeargs) : [],
    packagemanager: typeof options.packagemanager === "string" ? options.packagemanager : "npm",
  };
}

/** Splits at blanks outside of quotes, like a shell does. */
export function splitArguments(line: string): string[] {
  const words = line.match(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g) ?? [];
  return words.map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, (_, double, single) => double ?? single));
}

export interface Invocation {
  node: string;
  /** Arguments for node, up to and including the script. */
  args: string[];
  environment: NodeJS.ProcessEnv;
}

/**
 * How to run one of the scripts of the program's own `@pulumi/pulumi`.
 * @throws where the program's folder has no `@pulumi/pulumi`.
 */
export async function invocation(script: string, directory: string, info: ProgramInfo | undefined): Promise<Invocation> {
  const options = runtimeOptions(info);
  return {
    node: await programNode,
    args: [...options.nodeargs, resolveScript(script, directory)],
    environment: {
      ...(options.typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
      ...(options.tsconfig ? { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig } : {}),
    },
  };
}

function resolveScript(script: string, directory: string): string {
  try {
    return createRequire(join(directory, "package.json")).resolve(`@pulumi/pulumi/cmd/${script}`);
  } catch {
    throw new Error(
      `@pulumi/pulumi is not installed for the program in ${directory}: expected it in node_modules there or above.\n` +
        "  Run `npm install` in that folder, then the same command again.",
    );
  }
}
