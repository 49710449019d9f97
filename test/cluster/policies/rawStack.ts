import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { pulumiEnvironment } from "../../../tools/environment.ts";
import { projectRoot } from "../../../tools/paths.ts";
import type { Asked } from "../../unit/policies/ask.ts";

/** A violation as the CLI prints it. */
export interface Violation {
  level: string;
  rule: string;
  /** Of the resource. */
  name: string;
  /** Without what the rule says of itself. */
  message: string;
}

/** A program that is none of this project's: raw resources, with the project's pack asked of them. */
export class RawStack {
  readonly #folder = mkdtempSync(join(tmpdir(), "resources-"));

  /** @param cluster Config of where it is. */
  static async make(cluster: Record<string, string>): Promise<RawStack> {
    const stack = new RawStack();
    cpSync(join(import.meta.dirname, "resources"), stack.#folder, { recursive: true });
    symlinkSync(join(projectRoot, "node_modules"), join(stack.#folder, "node_modules"));
    await stack.pulumi("stack", "init", "raw");
    for (const [key, value] of Object.entries(cluster)) await stack.pulumi("config", "set", key, value);
    return stack;
  }

  pulumi(...args: string[]) {
    return execa("pulumi", ["--non-interactive", "--color", "never", ...args], {
      cwd: this.#folder,
      env: { ...pulumiEnvironment({ base: { PATH: process.env.PATH, HOME: this.#folder }, stateDir: this.#folder }), PULUMI_STACK: "raw" },
      extendEnv: false,
      reject: false,
      all: true,
    });
  }

  /** `preview` or `up` of just these resources, with the pack. */
  async run(command: string, resources: readonly Asked[]) {
    writeFileSync(join(this.#folder, "resources.json"), JSON.stringify(resources.map((each) => ({ name: "shop", ...each }))));
    const { all, exitCode } = await this.pulumi(...command.split(" "), "--policy-pack", join(projectRoot, "policies"));
    return { all, exitCode, violations: violationsIn(all) };
  }

  /** Names of what the stack's state has, but for the stack itself and its provider. */
  async made(): Promise<string[]> {
    const { deployment } = JSON.parse((await this.pulumi("stack", "export")).stdout);
    const resources: { urn: string; type: string }[] = deployment.resources ?? [];
    return resources.filter(({ type }) => !type.startsWith("pulumi:")).map(({ urn }) => urn.split("::").at(-1) ?? "");
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

const head = / {8}- \[(\w+)\] +\[severity: \w+\] +(\S+) +\(\S+: (\S+)\)\n((?: {10}.*\n)*)/g;

function violationsIn(output: string): Violation[] {
  return [...`${output}\n`.matchAll(head)].map(([, level = "", rule = "", name = "", text = ""]) => {
    const lines = text.trimEnd().split("\n");
    const message = lines.slice(level === "mandatory" ? 1 : 0).map((line) => line.slice(10));
    return { level, rule, name, message: message.join("\n") };
  });
}
