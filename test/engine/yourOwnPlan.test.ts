import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectRoot } from "../../tools/paths.ts";
import { Checkout } from "./checkout.ts";

const page = readFileSync(join(projectRoot, "docs/your-own-plan.md"), "utf8");
const files = { plan: "stacks/translate.ts", stack: "stacks/Pulumi.translate.yaml" };

let checkout: Checkout;
let before: string[];

/** The block of code under the heading that names the file. */
function block(file: string): string {
  const [, text = ""] = new RegExp(`^## .*\`${file}\`\\n\\n\`\`\`\\w+\\n(.*?)^\`\`\``, "ms").exec(page) ?? [];
  return text;
}

const pulumi = (args: string[], input?: string) => checkout.pulumi(["--stack", "translate", ...args], input);

/** What the Service selects beside the app, and each track's provider. */
async function release(): Promise<Record<string, string>> {
  const { selector, tracks } = JSON.parse((await pulumi(["stack", "output", "release", "--json"])).stdout);
  const [key, value] = Object.entries(selector).find(([label]) => label !== "app") ?? [];
  return {
    selector: `${key}=${value}`,
    ...Object.fromEntries(tracks.map((track: { track: string; provider: string }) => [track.track, track.provider])),
  };
}

beforeAll(async () => {
  checkout = new Checkout();
  before = readdirSync(checkout.folder, { recursive: true, encoding: "utf8" }).filter((file) => file.startsWith("stacks"));
  for (const file of Object.values(files)) checkout.write(file, block(file));
  await checkout.pulumi(["stack", "init", "translate"]);
  for (const provider of ["openai", "gemini"])
    await pulumi(["config", "set", "--secret", "--path", `credentials.${provider}.apiKey`], `key-of-${provider}`);
  await pulumi(["config", "set", "kubernetes:renderYamlToDirectory", join(checkout.folder, "cluster")]);
});

afterAll(() => checkout.remove());

describe("a system of one's own", () => {
  it("takes the two files of docs/your-own-plan.md, as they stand there, and nothing else", () => {
    const now = readdirSync(checkout.folder, { recursive: true, encoding: "utf8" }).filter((file) => file.startsWith("stacks"));
    expect(now.filter((file) => !before.includes(file)).sort()).toEqual([files.stack, files.plan]);
  });

  it("is previewed by `pulumi preview`", async () => {
    const { stdout } = await pulumi(["preview", "--json"]);
    const steps: { op: string; urn: string }[] = JSON.parse(stdout).steps;
    const made = steps.filter(({ op }) => op === "create").map(({ urn }) => urn.split("::").slice(-2).join(" "));
    expect(made.flatMap((name) => /kubernetes:.*:(\w+ [\w-]+?)(-[0-9a-f]{10})?$/.exec(name)?.[1] ?? []).sort()).toEqual([
      "ConfigMap translate-settings",
      "Deployment translate",
      "Deployment translate-canary",
      "PodDisruptionBudget translate",
      "Secret translate-gemini",
      "Secret translate-openai",
      "Service translate",
    ]);
  });

  it("is rolled back by the commands of its first level", async () => {
    expect((await pulumi(["up", "--yes", "--skip-preview"])).exitCode).toBe(0);
    expect(await release()).toEqual({ selector: "rollback-stacks/role=serving", stable: "openai", canary: "gemini" });
    await pulumi(["config", "set", "aiProvider", "openai"]);
    expect((await pulumi(["up", "--yes", "--skip-preview"])).exitCode).toBe(0);
    expect(await release()).toEqual({ selector: "rollback-stacks/provider=openai", stable: "openai", canary: "openai" });
  });

  it("is refused where the file has another name than its system", async () => {
    checkout.write("stacks/translator.ts", block(files.plan));
    await pulumi(["config", "set", "system", "translator"]);
    const { all } = await pulumi(["preview"]);
    expect(all).toContain(
      'error: stacks/translator.ts: expected `export default definePlan({ system: "translator", … })`, as its name says',
    );
  });

  it("has a plan that the compiler takes", async () => {
    checkout.write("tsconfig.example.json", JSON.stringify({ extends: "./tsconfig.json", include: [files.plan] }));
    const { stdout } = await execa("tsc", ["-p", "tsconfig.example.json"], {
      cwd: checkout.folder,
      preferLocal: true,
      localDir: projectRoot,
      reject: false,
    });
    expect(stdout).toBe("");
  });
});
