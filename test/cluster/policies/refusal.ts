import { expect } from "vitest";
import { refusals } from "../../engine/policies/output.ts";
import type { ShopStack } from "../../engine/policies/stack.ts";
import type { PolicedCluster } from "./policedCluster.ts";

/** A stack, and the API server that its updates tell. */
export interface Ground {
  shop: ShopStack;
  cluster: PolicedCluster;
}

/** Everything that the stack's state holds, but for what an update only reads. */
async function state(shop: ShopStack): Promise<unknown> {
  const { deployment } = JSON.parse((await shop.run("stack export --show-secrets")).stdout);
  return (deployment.resources ?? []).filter(({ external }: { external?: boolean }) => !external);
}

/** An update that must be refused with nothing changed, neither in the state nor in the cluster; what it said. */
export async function refused({ shop, cluster }: Ground, ...said: string[]): Promise<string> {
  const before = await state(shop);
  const { all, exitCode } = await cluster.untouched(() => shop.up("--skip-preview"));
  for (const text of said) expect(all).toContain(text);
  expect(exitCode).not.toBe(0);
  expect(await state(shop)).toEqual(before);
  return all;
}

/** The same update must pass. */
export async function passes({ shop }: Ground): Promise<void> {
  const { all, exitCode } = await shop.up("--skip-preview");
  expect(exitCode, all).toBe(0);
}

/** Every command that messages name for a rule, without `pulumi`. */
export function commandsIn(output: string, rule: string): string[] {
  return (refusals(output)[rule] ?? [])
    .flatMap((message) => [...message.matchAll(/mend it with: (.*)/g)].flatMap(([, line = ""]) => line.split(" && ")))
    .map((command) => command.replace(/^pulumi /, ""));
}

/** Runs them as they stand, with a value for what they ask for. */
export async function run({ shop }: Ground, commands: readonly string[], value = ""): Promise<void> {
  expect(commands).not.toEqual([]);
  for (const command of commands) {
    const args = command.replace(" (it asks for the value)", "").replaceAll("'", "").split(" ");
    const { exitCode, all } = await shop.checkout.pulumi(["--stack", "shop", ...args], value);
    expect(exitCode, all).toBe(0);
  }
}
