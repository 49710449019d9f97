import { expect, it } from "vitest";
import { loadConfig } from "../../demo/service/config.ts";
import type { Question } from "../../demo/service/conversation.ts";
import { createMetrics } from "../../demo/service/metrics.ts";
import { retryFor } from "../../demo/service/retry.ts";
import { webhookRoute } from "../../demo/service/routes/webhook.ts";

const environment = {
  OPENAI_API_KEY: "k",
  ENABLE_MESSAGE_HARMONIZATION: "true",
  MESSAGE_HARMONIZATION_DISABLED_TENANTS: "acme",
  HARMONIZATION_WAIT_SECONDS: "4",
  ENABLE_GROUNDED_VALIDATION: "true",
  CUSTOM_BOT_GREETING: "Hello!",
};

/** What a delivery for this tenant is answered, and what the model is asked for it. */
async function delivered(tenant: string) {
  const asked: Question[] = [];
  const conversation = {
    ask: async (question: Question) => {
      asked.push(question);
      return { text: "Yes.", model: "m", attempts: 1, retry: retryFor(loadConfig(environment).retry, {}) };
    },
    abort() {},
  };
  const config = loadConfig(environment);
  const { body } = await webhookRoute(config, conversation, createMetrics(config)).handle({
    body: { text: "Blue shoes?", tenant },
    log() {},
  });
  return { answer: body as Record<string, unknown>, system: asked[0]?.system };
}

const shop = {
  harmonization: true,
  harmonizationWaitSeconds: 4,
  immediateDisplay: false,
  maxProducts: 5,
  groundedValidation: true,
  referenceResolution: false,
  businessNameAsIdentity: false,
  greeting: "Hello!",
};

it("B1: a webhook's answer says which enhancements and settings it was made with, by tenant", async () => {
  expect((await delivered("globex")).answer).toMatchObject({ status: "answered", reply: "Hello! Yes.", shop });
  expect((await delivered("acme")).answer).toMatchObject({ shop: { ...shop, harmonization: false } });
});

it("B1: the model is told nothing of an enhancement that is off for the tenant", async () => {
  expect((await delivered("globex")).system).toMatch(/within 4 seconds .* State only what the catalogue says\.$/);
  expect((await delivered("acme")).system).toMatch(/politely\. State only what the catalogue says\.$/);
});
