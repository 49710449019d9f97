import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { Checkout } from "./checkout.ts";

const image = `registry.example/shop@sha256:${"a".repeat(64)}`;
const keys = { openai: "sk-4c1f7731a9", gemini: "AIza-90be2244" };
const stackFile = "stacks/Pulumi.shop.yaml";

let checkout: Checkout;
/** A stack file that can be used: its credentials encrypted, and the key to them. */
let good: { encryptionsalt: string; config: Record<string, unknown> };

beforeAll(async () => {
  checkout = new Checkout();
  const plan = readFileSync(new URL("./badInput/shop.ts", import.meta.url), "utf8");
  checkout.write("stacks/shop.ts", plan.replace("../../../components/", "../components/"));
  await checkout.pulumi(["stack", "init", "shop"]);
  for (const [provider, key] of Object.entries(keys)) await set(["--secret", "--path", `credentials.${provider}.apiKey`], key);
  good = parse(readFileSync(join(checkout.folder, stackFile), "utf8"));
});

afterAll(() => checkout.remove());

const set = (args: string[], value: string) => checkout.pulumi(["--stack", "shop", "config", "set", ...args], value);

function writeLevers(levers: Record<string, unknown>): void {
  const all = { system: "shop", aiProvider: "gemini", stable: { image }, ...levers };
  const own = Object.fromEntries(Object.entries(all).map(([name, value]) => [`rollback-stacks:${name}`, value]));
  checkout.write(stackFile, stringify({ ...good, config: { ...good.config, ...own } }));
}

/** What a person reads after the command was refused, and that nothing was changed by it. */
async function refusal(...command: string[]): Promise<string> {
  const { all = "", exitCode } = await checkout.pulumi(["--stack", "shop", ...command]);
  expect(exitCode, all).not.toBe(0);
  const state = JSON.parse((await checkout.pulumi(["--stack", "shop", "stack", "export"])).stdout);
  const made = (state.deployment.resources ?? []).filter(({ type }: { type: string }) => type !== "pulumi:pulumi:Stack");
  expect(made).toEqual([]);
  for (const key of Object.values(keys)) expect(all).not.toContain(key);
  const [message = ""] = all.slice(Math.max(0, all.search(/^ *error: /m))).split("\n\n");
  return message.replaceAll(/^ {4}/gm, "").trimEnd();
}

/** The message as one text: each problem with what mends it. */
const told = (count: number, ...problems: [problem: string, command: string][]): string =>
  [
    `error: ${count} levers of stack shop cannot be used. Nothing was changed.`,
    ...problems.map(([problem, command]) => `  ${problem}\n    mend it with: ${command}`),
  ].join("\n");

const previewAndUp = [["preview"], ["up", "--yes", "--skip-preview"]];

describe.each(previewAndUp)("pulumi %s", (...command) => {
  it("refuses flags that are unknown, out of range, contradictory or for nobody there is, all at once", async () => {
    writeLevers({
      flags: {
        retyr: false,
        retry: {
          percentage: 150,
          only: { users: ["addaa", "grace"], tenants: ["nobody"] },
          except: { users: ["grace"], models: ["gpt-5"] },
        },
        voice: {
          percentage: "half",
          only: { users: ["ada", "", "ada"] },
          except: { users: Array.from({ length: 10_000 }, (_, id) => `u${id}`) },
        },
      },
    });
    expect(await refusal(...command)).toBe(
      told(
        10,
        ["flags.retry.percentage: expected a whole number from 0 to 100, got 150", "pulumi config set --path flags.retry.percentage 0"],
        [
          'flags.retry.only.users[0]: "addaa" is not one of this plan\'s users. Did you mean ada? Known: ada, grace.',
          "pulumi config set --path --type string 'flags.retry.only.users[0]' ada",
        ],
        [
          'flags.retry.only.tenants[0]: "nobody" is not one of this plan\'s tenants. Known: acme.',
          "pulumi config rm --path 'flags.retry.only.tenants[0]'",
        ],
        [
          'flags.retry.except.models[0]: "gpt-5" is not one of this plan\'s models. Did you mean gpt-4o? Known: gpt-4o.',
          "pulumi config set --path --type string 'flags.retry.except.models[0]' gpt-4o",
        ],
        [
          'flags.retry.only.users: "grace" under except too; a user is either in or out',
          "pulumi config set --path --type string flags.retry.only.users addaa",
        ],
        ['flags.voice.percentage: expected a whole number from 0 to 100, got "half"', "pulumi config set --path flags.voice.percentage 0"],
        [
          'flags.voice.only.users[2]: "ada" is there twice, the first time as entry 0',
          "pulumi config rm --path 'flags.voice.only.users[2]'",
        ],
        ["flags.voice.only.users[1]: is blank", "pulumi config rm --path 'flags.voice.only.users[1]'"],
        [
          "flags.voice.except.users: 10000 users; a stack file holds up to 1000. Give them a segment in the app's own records and name that: " +
            "a rollback stays a line or two that anyone can read.",
          "pulumi config rm --path flags.voice.except.users && pulumi config set --path flags.voice.except.segments <segment>",
        ],
        ["flags.retyr: unknown lever. Did you mean flags.retry? Known here: retry, voice.", "pulumi config rm --path flags.retyr"],
      ),
    );
  });

  it("refuses settings of another type, out of range and unknown, and what does not fit together, all at once", async () => {
    writeLevers({
      aiProvider: "vertex",
      canary: { image: "shop:latest", weight: 80, aiProvider: "gemini" },
      settings: { maxAttempts: 99, fallback: "maybe", greeting: ["hello"], retries: 3 },
    });
    expect(await refusal(...command)).toBe(
      told(
        8,
        ['aiProvider: "vertex" is not a provider of this plan; expected openai or gemini', "pulumi config set aiProvider openai"],
        [
          'canary.image: "shop:latest" is not pinned by digest; expected name@sha256:<64 hex digits>, so that a rollback restores exactly what ran',
          "pulumi config set --path canary.image <name@sha256:digest>",
        ],
        [
          'canary.aiProvider: "gemini" cannot be pinned: a track may pin only the fallback provider, openai, so that setting aiProvider moves everything',
          "pulumi config set --path canary.aiProvider openai",
        ],
        ["settings.maxAttempts: expected a whole number from 1 to 10, got 99", "pulumi config set --path settings.maxAttempts 3"],
        ['settings.fallback: expected true or false, got "maybe"', "pulumi config set --path settings.fallback <value>"],
        ['settings.greeting: expected text, got ["hello"]', "pulumi config set --path settings.greeting <value>"],
        ["settings.retries: unknown lever. Known here: maxAttempts, fallback, greeting.", "pulumi config rm --path settings.retries"],
        [
          "canary.weight: 80 cannot be reached with replicas, which weigh up to 75 or 100; expected one of those, or a Gateway",
          "pulumi config set --path canary.weight 0",
        ],
      ),
    );
  });

  it("refuses secrets where plain text is expected, and plain text where a secret is, without printing either", async () => {
    writeLevers({
      settings: { maxAttempts: 5 },
      credentials: { ...Object(good.config["rollback-stacks:credentials"]), gemini: { apiKey: keys.gemini } },
    });
    await set(["--secret", "aiProvider"], "gemini-of-a-kind");
    await set(["--secret", "--path", "settings.greeting"], "hello-in-private");
    const text = await refusal(...command);
    expect(text).not.toMatch(/of-a-kind|in-private/);
    expect(text).toBe(
      told(
        3,
        [
          "aiProvider: is a secret; expected plain text, which everyone can read in the stack's file. Only credentials are secrets",
          "pulumi config set --plaintext aiProvider <value>",
        ],
        [
          "credentials.gemini.apiKey: is plain text in the stack's file; expected a secret. Whoever reads the file has it: replace it at the provider too",
          "pulumi config set --secret --path credentials.gemini.apiKey (it asks for the value)",
        ],
        [
          "settings.greeting: is a secret; expected plain text, which everyone can read in the stack's file. Only credentials are secrets",
          "pulumi config set --plaintext --path settings.greeting <value>",
        ],
      ),
    );
  });

  it("refuses a stack file with a tab in its indentation", async () => {
    writeLevers({});
    const file = join(checkout.folder, stackFile);
    checkout.write(stackFile, readFileSync(file, "utf8").replace("  rollback-stacks:aiProvider", "\trollback-stacks:aiProvider"));
    expect(await refusal(...command)).toBe(
      "error: getting stack configuration: invalid YAML file: yaml: line 10: found a tab character that violates indentation",
    );
  });
});
