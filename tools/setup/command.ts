import { parseArgs } from "node:util";
import { ToolError } from "../errors.ts";
import { ensure, gatewayParts, nodeParts, type PartName, simulatedParts, whyNoNode } from "./index.ts";
import { createProgress, duration } from "./progress.ts";

const usage = `npm run setup [-- --simulated | --all] [--verbose]

  --simulated  what a cluster with a pretended node needs; needs no root
  --all        what every command needs, the tests and the benchmark included
  --verbose    everything that the tools say`;

const flags = {
  simulated: { type: "boolean", default: false },
  all: { type: "boolean", default: false },
  verbose: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** `npm run setup`: everything a drill needs, so that the first one starts at once. Returns the exit code. */
export async function setupCommand(argv: string[]): Promise<number> {
  const options = parse(argv);
  if (options.help) {
    console.log(usage);
    return 0;
  }
  const begun = Date.now();
  await ensure(partsFor(options), createProgress(options));
  console.error(`Everything is there  ${duration(Date.now() - begun)}`);
  return 0;
}

function partsFor({ simulated, all }: { simulated: boolean; all: boolean }): readonly PartName[] {
  const why = simulated ? undefined : whyNoNode();
  if (why) console.error(`${why}; setting up the simulated cluster instead`);
  const ground = simulated || why ? simulatedParts : nodeParts;
  return all
    ? [...new Set([...ground, ...simulatedParts, ...gatewayParts, "helm" as const, "promtool" as const, "actionlint" as const])]
    : ground;
}

function parse(argv: string[]): { simulated: boolean; all: boolean; verbose: boolean; help: boolean } {
  try {
    return parseArgs({ args: argv, options: flags }).values;
  } catch (error) {
    throw new ToolError(`${(error as Error).message}\n\n${usage}`, 2);
  }
}
