import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { execa } from "execa";
import { pulumiEnvironment } from "../../../tools/environment.ts";
import { cacheRoot, projectRoot } from "../../../tools/paths.ts";

const image = (digit: string) => `registry.example/shop@sha256:${digit.repeat(64)}`;
export const images = { current: image("a"), previous: image("b") };

/** What a clone has not. */
const notCloned = [".git", ".rollback", "node_modules", "dist", "coverage"];

const shop = `config:
  rollback-stacks:system: shop
  rollback-stacks:environment: development
  rollback-stacks:aiProvider: gemini
  rollback-stacks:stable:
    image: ${images.current}
    aiProvider: openai
  rollback-stacks:previous:
    image: ${images.previous}
  rollback-stacks:canary:
    image: ${images.current}
    weight: 10
  rollback-stacks:change:
    reason: The canary goes on
    severity: low
    requestedBy: grace
    approvedBy:
      - lead:ada
      - owner:edsger
`;

/** A clone of this project with a shop, whose stack has a state of its own and a cluster that is a folder of files. */
export class Repository {
  readonly folder = mkdtempSync(join(tmpdir(), "repository-"));

  /** With the shop on `main`: deployed, unless it is not to be. */
  static async make({ deployed = true } = {}): Promise<Repository> {
    const repository = new Repository();
    const plan = readFileSync(new URL("./shop.ts", import.meta.url), "utf8");
    repository.write("stacks/shop.ts", plan.replace("../../../components/", "../components/"));
    repository.write("stacks/Pulumi.shop.yaml", shop);
    if (deployed) await repository.deploy();
    await repository.commit("main");
    return repository;
  }

  private constructor() {
    const cloned = (file: string) =>
      !relative(projectRoot, file)
        .split(sep)
        .some((part) => notCloned.includes(part));
    cpSync(projectRoot, this.folder, { recursive: true, filter: (file) => cloned(file) && !file.endsWith("-drill.yaml") });
    symlinkSync(join(projectRoot, "node_modules"), join(this.folder, "node_modules"));
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text);
  }

  /** What a pull request does to a file. */
  edit(file: string, change: (text: string) => string): void {
    const before = readFileSync(join(this.folder, file), "utf8");
    const after = change(before);
    if (after === before) throw new Error(`${file} does not have what was to be changed`);
    this.write(file, after);
  }

  /** Everything that differs from the last commit goes. */
  async reset(): Promise<void> {
    await this.#git("checkout", "--quiet", ".");
    await this.#git("clean", "--force", "--quiet", "stacks");
  }

  /** `config set aiProvider openai`, as after `pulumi`. */
  pulumi(command: string, ...more: string[]) {
    const env = { ...this.#env(), PULUMI_STACK: "shop" };
    return execa("pulumi", ["--non-interactive", ...command.split(" "), ...more], { cwd: this.folder, env, extendEnv: false, input: "" });
  }

  /** `npm run pr-preview`, on what the working tree has. */
  async preview(...args: string[]): Promise<{ exitCode: number; comment: string; said: string }> {
    const out = join(this.folder, ".rollback", "comment.md");
    rmSync(out, { force: true });
    const { exitCode, all } = await this.#run("pr-preview", "--stack", "shop", "--out", out, ...args);
    return { exitCode, comment: existsSync(out) ? readFileSync(out, "utf8") : "", said: all };
  }

  /** The stacks that a pull request touches. */
  async touched(): Promise<string[]> {
    const { stdout } = await this.#run("pr-preview", "--list");
    return JSON.parse(stdout);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  async deploy(): Promise<void> {
    await this.pulumi("stack init shop");
    await this.pulumi("config set kubernetes:renderYamlToDirectory", join(this.folder, ".rollback", "cluster"));
    for (const provider of ["openai", "gemini"])
      await this.pulumi(`config set --secret --path credentials.${provider}.apiKey`, `key-of-${provider}`);
    await this.pulumi("up --yes --skip-preview");
  }

  async commit(branch: string): Promise<void> {
    const author = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
    await this.#git("init", "--quiet", `--initial-branch=${branch}`);
    await this.#git("add", "--all");
    await this.#git(...author, "commit", "--quiet", "--message", "The shop");
  }

  #git(...args: string[]) {
    return execa("git", args, { cwd: this.folder });
  }

  async #run(...args: string[]) {
    const main = join(this.folder, "tools", "main.ts");
    const { exitCode, all, stdout } = await execa(process.execPath, [main, ...args], {
      cwd: this.folder,
      env: { ...this.#env(), ROLLBACK_STACKS_CACHE: cacheRoot },
      extendEnv: false,
      reject: false,
      all: true,
    });
    return { exitCode: exitCode ?? 1, all, stdout };
  }

  #env(): NodeJS.ProcessEnv {
    return pulumiEnvironment({ base: { PATH: process.env.PATH, HOME: this.folder }, stateDir: join(this.folder, ".rollback") });
  }
}
