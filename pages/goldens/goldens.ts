import { rehearsed, stepCommands } from "../../components/levers/commands.ts";
import type { Level, Plan } from "../../components/plan/plan.ts";
import { levelHeading } from "../../components/plan/words.ts";
import { difference } from "./difference.ts";
import { Hashes } from "./hashes.ts";
import { beforeConfig, pulled } from "./levers.ts";
import { differenceText, resourcesText } from "./text.ts";
import { update } from "./update.ts";

type Update = Awaited<ReturnType<typeof update>> & { config: Record<string, unknown> };

const legend = `Numbers are the order: 1 changes at once, 2 waits until what it needs of 1 is ready, "last" goes when all of that is done.
Names that end in a hash of their content end in #1, #2, … here.`;

/** A plan's goldens by file name: its resources before a rollback, and the exact difference that each level makes. */
export async function goldens(plan: Plan, committed: Record<string, unknown>): Promise<Record<string, string>> {
  const config = beforeConfig(plan, committed);
  const before = { config, ...(await update(plan, config)) };
  const hashes = new Hashes();
  const first = difference(new Map(), hashes.number(before.resources));
  const source = `stacks/${plan.system}.ts and stacks/Pulumi.${plan.system}.yaml by \`npm run goldens\``;
  const head = [`${plan.title}: what runs before a rollback.`, `Written from ${source}.`, "", ...legend.split("\n")];
  const files: Record<string, string> = {
    [`${plan.system}.before.yaml`]: head.map((line) => `# ${line}`.trimEnd()).join("\n") + "\n" + resourcesText(first),
  };
  for (const [name, level] of Object.entries(plan.levels)) {
    const from = level.traffic === "gateway" ? await throughGateway(plan, before, hashes) : before;
    const steps = await stepsText(plan, level, from, hashes.fork());
    files[`${plan.system}.${name}.txt`] = `${plan.title}\n${levelHeading(name, level)}\nWritten from ${source}.\n\n${legend}\n\n${steps}`;
  }
  return files;
}

/** The same with its traffic through a Gateway, where the level's rollback starts from. */
async function throughGateway(plan: Plan, { config, record }: Update, hashes: Hashes): Promise<Update> {
  const moved = pulled(config, { path: "traffic.mode", value: "gateway" });
  const there = await update(plan, moved, record);
  hashes.number(there.resources);
  return { config: moved, ...there };
}

/** Each step goes on from where the one before it left the system. */
async function stepsText(plan: Plan, { steps }: Level, before: Update, hashes: Hashes): Promise<string> {
  const parts: string[] = [];
  let last = before;
  for (const [index, step] of steps.entries()) {
    const config = step.levers.reduce(pulled, last.config);
    const next = { config, ...(await update(plan, config, last.record)) };
    const title = steps.length > 1 ? `Step ${index + 1} of ${steps.length}${step.title === undefined ? "" : `: ${step.title}`}\n\n` : "";
    const commands = stepCommands(step, rehearsed).map((command) => `$ ${command}\n`);
    const text = differenceText(difference(hashes.number(last.resources), hashes.number(next.resources)));
    parts.push(`${title}${commands.join("")}\n${text}`);
    last = next;
  }
  return parts.join("\n");
}
