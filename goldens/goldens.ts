import { typed } from "../components/levers/commands.ts";
import type { Level, Plan } from "../components/plan/plan.ts";
import { levelHeading } from "../components/plan/words.ts";
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
  const head = `${plan.title}: what runs before a rollback.\nWritten from ${source}.\n\n${legend}\n`;
  const files: Record<string, string> = {
    [`${plan.system}.before.yaml`]: head.replaceAll(/^/gm, "# ").replaceAll(/ +$/gm, "").replace(/#\n?$/, "") + resourcesText(first),
  };
  for (const [name, level] of Object.entries(plan.levels)) {
    const steps = await stepsText(plan, level, before, hashes.fork());
    files[`${plan.system}.${name}.txt`] = `${plan.title}\n${levelHeading(name, level)}\nWritten from ${source}.\n\n${legend}\n\n${steps}`;
  }
  return files;
}

async function stepsText(plan: Plan, level: Level, before: Update, hashes: Hashes): Promise<string> {
  const config = level.levers.reduce(pulled, before.config);
  const after = await update(plan, config, before.record);
  const commands = [...level.levers.map(typed), "pulumi up"].map((command) => `$ ${command}\n`).join("");
  return `${commands}\n${differenceText(difference(hashes.number(before.resources), hashes.number(after.resources)))}`;
}
