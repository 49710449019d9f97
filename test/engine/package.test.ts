import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pulumiEnvironment } from "../../tools/environment.ts";
import { makePackage } from "../../tools/package/main.ts";
import { projectRoot } from "../../tools/paths.ts";

/** A project that has nothing of this one but the tarball. */
let project: string;

const { dependencies } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8"));
const sdks = ["@pulumi/pulumi", "@pulumi/kubernetes", "@pulumi/policy"].map((name) => `${name}@${dependencies[name]}`);
const page = readFileSync(join(projectRoot, "docs/package.md"), "utf8");
const [example = "", packExample = ""] = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, text]) => text);
const [, packSettings = ""] = /```yaml\n(.*?)```/s.exec(page) ?? [];
const options = {
  esm: { module: "nodenext" },
  // What `pulumi new typescript` writes.
  cjs: { module: "commonjs", moduleResolution: "node10", ignoreDeprecations: "6.0" },
};

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), "package-"));
  const tarball = await makePackage(join(project, "dist"));
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "shop-infrastructure", version: "1.0.0", private: true }));
  await execa("npm", ["install", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", tarball, ...sdks], { cwd: project });
}, 5 * 60_000);

/** Not `tsconfig.json`: in a pack's folder Pulumi reads that one with the TypeScript 3.8 that it brings, which knows none of these words. */
const tsconfig = "tsconfig.build.json";

async function tsc(cwd: string) {
  const { all, exitCode } = await execa("tsc", ["-p", tsconfig], {
    cwd,
    preferLocal: true,
    localDir: projectRoot,
    all: true,
    reject: false,
  });
  return { all, exitCode };
}

afterAll(() => rmSync(project, { recursive: true, force: true }));

describe.each(["esm", "cjs"] as const)("the package's own example as %s", (format) => {
  let folder: string;

  const pulumi = (...args: string[]) =>
    execa("pulumi", ["--non-interactive", "--color", "never", ...args], {
      cwd: folder,
      env: { ...pulumiEnvironment({ base: { PATH: process.env.PATH, HOME: project }, stateDir: project }), PULUMI_STACK: `shop-${format}` },
      extendEnv: false,
      all: true,
      reject: false,
    });

  beforeAll(() => {
    folder = join(project, format);
    writeProgram(folder, example);
    const runtime = { name: "nodejs", options: { typescript: false } };
    writeFileSync(join(folder, "Pulumi.yaml"), JSON.stringify({ name: "shop-infrastructure", runtime }));
  });

  function writeProgram(where: string, text: string): void {
    mkdirSync(where, { recursive: true });
    const manifest = { version: "1.0.0", main: "index.js", type: format === "esm" ? "module" : "commonjs" };
    writeFileSync(join(where, "package.json"), JSON.stringify(manifest));
    // @pulumi/policy 1.21.0 has declarations that contradict each other.
    const compilerOptions = { strict: true, target: "es2022", types: [], skipLibCheck: text === packExample, ...options[format] };
    writeFileSync(join(where, tsconfig), JSON.stringify({ compilerOptions, files: ["index.ts"] }));
    writeFileSync(join(where, "index.ts"), text);
  }

  it("compiles with its types", async () => {
    expect(await tsc(folder)).toEqual({ all: "", exitCode: 0 });
  });

  it("previews the whole system on the real engine", async () => {
    const image = `registry.example/shop@sha256:${"a".repeat(64)}`;
    await pulumi("stack", "init", `shop-${format}`);
    for (const [key, value] of [
      ["kubernetes:renderYamlToDirectory", join(folder, "yaml")],
      ["system", "shop"],
      ["aiProvider", "gemini"],
      ["stable.image", image],
    ] as const)
      await pulumi("config", "set", "--path", key, value);
    for (const provider of ["openai", "gemini"])
      await pulumi("config", "set", "--secret", "--path", `credentials.${provider}.apiKey`, "key");
    const { stdout } = await pulumi("preview", "--json");
    const { steps } = JSON.parse(stdout) as { steps: { op: string; urn: string }[] };
    const created = steps.map(({ op, urn }) => `${op} ${urn.split("::").slice(2).join(" ").split("$").at(-1)}`);
    expect(created.map((step) => step.replace(/-[0-9a-f]{10}$/, "-#")).sort()).toEqual([
      "create kubernetes:apps/v1:Deployment shop",
      "create kubernetes:core/v1:ConfigMap shop-settings-#",
      "create kubernetes:core/v1:Secret shop-gemini-#",
      "create kubernetes:core/v1:Secret shop-openai-#",
      "create kubernetes:core/v1:Service shop",
      "create kubernetes:policy/v1:PodDisruptionBudget shop",
      `create pulumi:pulumi:Stack shop-infrastructure-shop-${format}`,
      "create rollback-stacks:components:ProviderCredentials shop-gemini",
      "create rollback-stacks:components:ProviderCredentials shop-openai",
      "create rollback-stacks:components:Release shop",
      "create rollback-stacks:components:RollbackPlan shop",
      "create rollback-stacks:components:Settings shop-settings",
      "create rollback-stacks:components:Track shop-stable",
      "read pulumi:pulumi:StackReference last-update",
    ]);
  });

  it("is asked for by its policies, and by the team's own, in a pack of theirs", async () => {
    const pack = join(folder, "policies");
    writeProgram(pack, packExample);
    writeFileSync(join(pack, "PulumiPolicy.yaml"), packSettings);
    expect(await tsc(pack)).toEqual({ all: "", exitCode: 0 });
    const { all, exitCode } = await pulumi("preview", "--policy-pack", "policies");
    const rules = [...all.matchAll(/\[mandatory\].* (\S+) {2}\((kubernetes:\S+): (\S+)\)/g)].map(
      ([, rule, type, name]) => `${rule} ${type} ${name}`,
    );
    expect(rules, all).toEqual(["owned-by-team kubernetes:apps/v1:Deployment shop"]);
    expect(all).toContain("  change-record  (rollback-stacks:components:RollbackPlan: shop)");
    expect(exitCode).not.toBe(0);
    writeFileSync(join(folder, "index.ts"), example.replace('limits: { memory: "256Mi" }', "limits: {}"));
    expect((await tsc(folder)).all).toBe("");
    expect((await pulumi("preview", "--policy-pack", "policies")).all).toContain(
      "  resource-limits  (kubernetes:apps/v1:Deployment: shop)",
    );
  });

  it("says what it lacks where the gcp lever is set and Google Cloud's SDK is not installed", async () => {
    const onGke = example
      .replace("import { definePlan,", "import { definePlan, loadGoogleCloud,")
      .replace("last: await", "googleCloud: await loadGoogleCloud(levers), last: await");
    expect(onGke).not.toBe(example);
    writeFileSync(join(folder, "index.ts"), onGke);
    expect((await tsc(folder)).all).toBe("");
    await pulumi("config", "set", "--path", "gcp.project", "shop-prod-1");
    const { all, exitCode } = await pulumi("preview");
    expect(all).toContain("error: gcp: this program has no @pulumi/gcp. Nothing was changed.");
    expect(all).toContain("mend it with: npm install @pulumi/gcp, or pulumi config rm gcp");
    expect(exitCode).not.toBe(0);
  });
});
