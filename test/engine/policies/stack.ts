import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { Checkout } from "../checkout.ts";

const image = (digit: string) => `registry.example/shop@sha256:${digit.repeat(64)}`;
export const images = { a: image("a"), b: image("b") };

interface State {
  resources: { type: string; outputs: Record<string, unknown> }[];
}

/** A stack of the shop with a state of its own. Development: what production asks for beside is for tests of that. */
export class ShopStack {
  readonly checkout = new Checkout();

  /** @param cluster Config of where it is; a folder of files without it. */
  static async make(cluster?: Record<string, string>): Promise<ShopStack> {
    const stack = new ShopStack();
    const plan = readFileSync(new URL("./shop.ts", import.meta.url), "utf8");
    stack.checkout.write("stacks/shop.ts", plan.replace("../../../components/", "../components/"));
    await stack.checkout.pulumi(["stack", "init", "shop"]);
    const where = cluster ?? { "kubernetes:renderYamlToDirectory": join(stack.checkout.folder, "cluster") };
    for (const [key, value] of Object.entries(where)) await stack.run("config set", key, value);
    for (const provider of ["openai", "gemini"])
      await stack.run(`config set --secret --path credentials.${provider}.apiKey key-of-${provider}`);
    const levers = {
      system: "shop",
      aiProvider: "gemini",
      "stable.image": images.a,
      "stable.aiProvider": "openai",
      "canary.image": images.a,
      environment: "development",
    };
    for (const [lever, value] of Object.entries(levers)) await stack.run(`config set --path ${lever} ${value}`);
    return stack;
  }

  /** `config set aiProvider openai`, as after `pulumi`; `more` are arguments with spaces. */
  run(command: string, ...more: string[]) {
    return this.checkout.pulumi(["--stack", "shop", ...command.split(" "), ...more]);
  }

  /** Changes the code of the plan, as a pull request does. */
  edit(text: string, replacement: string): void {
    const file = join(this.checkout.folder, "stacks/shop.ts");
    const before = readFileSync(file, "utf8");
    if (!before.includes(text)) throw new Error(`stacks/shop.ts has no ${text}`);
    writeFileSync(file, before.replace(text, replacement));
  }

  /** With the pack. */
  up(...flags: string[]) {
    return this.run("up --yes --policy-pack policies", ...flags);
  }

  preview() {
    return this.run("preview --policy-pack policies");
  }

  /** Puts these levers into the stack's file as they are; undefined takes one out. Credentials stay. */
  levers(levers: Record<string, unknown>): void {
    const file = join(this.checkout.folder, "stacks/Pulumi.shop.yaml");
    const document = parseDocument(readFileSync(file, "utf8"));
    for (const [lever, value] of Object.entries(levers)) {
      const key = ["config", `rollback-stacks:${lever}`];
      if (value === undefined) document.deleteIn(key);
      else document.setIn(key, value);
    }
    this.checkout.write("stacks/Pulumi.shop.yaml", document.toString({ defaultStringType: "QUOTE_DOUBLE" }));
  }

  /** The record of drills, as `npm run drill -- shop --record` would have left it. */
  drilled(at: Date | string = new Date()): void {
    mkdirSync(join(this.checkout.folder, "stacks/drills"), { recursive: true });
    this.checkout.write("stacks/drills/shop.json", JSON.stringify({ traffic: { at: new Date(at).toISOString(), seconds: 2 } }));
  }

  /** `pulumi stack export`, and `pulumi stack import` of what `edit` makes of it. */
  async editState(edit: (deployment: State) => void): Promise<void> {
    const state = JSON.parse((await this.run("stack export")).stdout);
    edit(state.deployment);
    await this.import(JSON.stringify(state));
  }

  async import(state: string): Promise<void> {
    await this.checkout.pulumi(["--stack", "shop", "stack", "import"], state);
  }

  /** Types of what the stack's state has, but for the stack itself. */
  async made(): Promise<string[]> {
    const { deployment } = JSON.parse((await this.run("stack export")).stdout);
    const resources: { type: string }[] = deployment.resources ?? [];
    return resources.map(({ type }) => type).filter((type) => !type.startsWith("pulumi:"));
  }

  remove(): void {
    this.checkout.remove();
  }
}

/** The command that a rule's message names, without `pulumi`. */
export function mending(output: string, rule: string): string {
  const [, command = ""] = new RegExp(`  ${rule}  [^\\0]*?mend it with: pulumi (.*)`).exec(output) ?? [];
  return command;
}
