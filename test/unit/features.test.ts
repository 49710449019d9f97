import { describe, expect, it } from "vitest";
import { checkLevers } from "../../components/levers/check.ts";
import { LeverError } from "../../components/levers/errors.ts";
import { definePlan, type PlanInput } from "../../components/plan/plan.ts";
import { difference } from "../../pages/goldens/difference.ts";
import { update } from "../../pages/goldens/update.ts";
import { planWith } from "./flags/plans.ts";

const command = ["node", "bot.mjs"];
const features = {
  bot: { title: "Bot", functions: { "bot-ask": { command }, "bot-answer": { command, replicas: 2 } } },
  search: { title: "Search", default: false, functions: { search: { command } } },
};
const plan = planWith({ known: { chat: { description: "Chat", env: { enabled: "CHAT" } } } }, { features });

const image = (digit: string) => `registry.example/app@sha256:${digit.repeat(64)}`;
const levers = (more: Record<string, unknown> = {}) => ({
  system: "shop",
  aiProvider: "openai",
  stable: { image: image("a") },
  credentials: { openai: { apiKey: "sk-one" } },
  ...more,
});
const stack = (more: Record<string, unknown> = {}) =>
  Object.fromEntries(Object.entries(levers(more)).map(([key, value]) => [`rollback-stacks:${key}`, value]));

async function changes(from: Record<string, unknown>, to: Record<string, unknown>) {
  const before = await update(plan, stack(from));
  const after = await update(plan, stack(to), before.record);
  const { changes: made, gone } = difference(before.resources, after.resources);
  const named = ({ type, name }: { type: string; name: string }) => `${type.split(":").at(-1)} ${name}`;
  return { made: made.map(({ place, resource }) => `${place} ${named(resource)}`), gone: gone.map(named) };
}

const allOfBot = ["Deployment bot-answer", "Deployment bot-ask", "Service bot-answer", "Service bot-ask", "PodDisruptionBudget bot-answer"];

describe("a feature", () => {
  it("E5: is there unless the plan or the stack says otherwise, its functions with stable's image, settings, flags and credentials", async () => {
    const { resources, record } = await update(plan, stack({ flags: { chat: true } }));
    const all = [...resources.values()];
    const find = (kind: string, name: string) => all.find((resource) => resource.type.endsWith(`:${kind}`) && resource.name === name);
    // biome-ignore lint/suspicious/noExplicitAny: inputs are whatever was registered
    const spec = (name: string): any => find("Deployment", name)?.inputs.spec;
    const ask = spec("bot-ask").template.spec.containers[0];
    const stable = spec("shop").template.spec.containers[0];
    const withoutTrack = ({ env }: { env: { name: string }[] }) => env.filter(({ name }) => name !== "TRACK");
    expect([ask.command, ask.image, ask.envFrom, ask.readinessProbe, ask.securityContext]).toEqual([
      command,
      stable.image,
      stable.envFrom,
      stable.readinessProbe,
      stable.securityContext,
    ]);
    expect(withoutTrack(ask)).toEqual(withoutTrack(stable));
    expect([spec("bot-ask").replicas, spec("bot-answer").replicas, spec("search")]).toEqual([1, 2, undefined]);
    expect(find("PodDisruptionBudget", "bot-answer")).toBeDefined();
    expect(record.features).toEqual(["bot"]);
  });

  it("E5: gets no traffic of the service's", async () => {
    const { resources, record } = await update(plan, stack());
    const labels = [...resources.values()].find(({ name, type }) => name === "bot-ask" && type.endsWith("Deployment"))?.inputs.spec as {
      template: { metadata: { labels: Record<string, string> } };
    };
    const matched = Object.entries(record.selector).every(([key, value]) => labels.template.metadata.labels[key] === value);
    expect(matched).toBe(false);
  });

  it("E5: goes as a whole, after everything else has changed", async () => {
    const { made, gone } = await changes({ flags: { chat: true } }, { flags: { chat: false }, features: { bot: false } });
    expect(gone).toEqual(expect.arrayContaining(allOfBot));
    expect(made.filter((change) => /bot/.test(change))).toEqual([]);
  });

  it("E5: comes back ready before the pods that may use it", async () => {
    const { made } = await changes({ features: { bot: false } }, { flags: { chat: true } });
    const place = (what: string) => Number(made.find((change) => change.endsWith(what))?.split(" ")[0]);
    for (const resource of allOfBot.slice(0, 4)) expect(place(resource)).toBeLessThan(place("Deployment shop"));
  });

  it("is not waited for by a rollback where it was there all along", async () => {
    const { made } = await changes({}, { stable: { image: image("b") } });
    expect(made.filter((change) => change.includes("Deployment")).sort()).toEqual([
      "1 Deployment bot-answer",
      "1 Deployment bot-ask",
      "1 Deployment shop",
    ]);
  });
});

describe("the lever `features`", () => {
  const problems = (value: unknown): string[] => {
    try {
      checkLevers(plan, levers({ features: value }), "s");
      return [];
    } catch (error) {
      if (!(error instanceof LeverError)) throw error;
      return error.problems.map(({ path, message, command: mend }) => `${path}: ${message} | ${mend}`);
    }
  };

  it("is what the plan says where the stack says nothing, and true or false also as text", () => {
    expect(checkLevers(plan, levers(), "s").features).toEqual({ bot: true, search: false });
    expect(checkLevers(plan, levers({ features: { bot: "false", search: true } }), "s").features).toEqual({ bot: false, search: true });
  });

  it("is refused for a feature there is none of, and for what is neither true nor false", () => {
    expect(problems({ bott: false, search: "maybe" })).toEqual([
      'features.search: expected true or false, got "maybe" | pulumi config set --path features.search true',
      "features.bott: unknown lever. Did you mean features.bot? Known here: bot, search. | pulumi config rm --path features.bott",
    ]);
    expect(problems("false")).toEqual([
      'features: expected { <feature>: true or false }, got "false" | pulumi config set --path features.<feature> true',
    ]);
  });
});

describe("a plan that contradicts itself about features is refused with the path", () => {
  const refused = (change: (input: PlanInput) => void): string => {
    const input = structuredClone(plan) as PlanInput;
    change(input);
    try {
      definePlan(input);
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };

  it("where a function has the name of something else, or none that the cluster takes", () => {
    const other = { title: "Other", functions: { shop: { command }, "bot-ask": { command } } };
    expect(
      refused((input) => Object.assign(input.features as object, { other }))
        .split("\n")
        .slice(1),
    ).toEqual([
      "  features.other.functions.shop: shop is the name of service.tracks.stable.deployment too",
      "  features.other.functions.bot-ask: bot-ask is the name of features.bot.functions.bot-ask too",
      "  features.other.functions.shop: shop is the name of service.name too",
    ]);
    expect(
      refused((input) => Object.assign(input.features as object, { other: { title: "Other", functions: { Bot: { command } } } })),
    ).toContain("features.other.functions.Bot: ");
  });

  it("where the before state has a feature that the plan does not", () => {
    expect(refused((input) => Object.assign(input.before, { features: { bto: true } }))).toContain(
      'before.features.bto: "bto" is not one of this plan\'s features (bot, search)',
    );
  });
});
