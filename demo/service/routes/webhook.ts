import * as z from "zod";
import { createSafeguards } from "../agent/safeguards.ts";
import { askedFor, createTools } from "../agent/tools.ts";
import { createVouchers, VoucherError } from "../agent/vouchers.ts";
import type { AgentFeature, Config } from "../config.ts";
import type { Conversation } from "../conversation.ts";
import type { Log } from "../logging.ts";
import type { Metrics } from "../metrics.ts";
import { ProviderError } from "../providers/errors.ts";
import type { Records } from "../records/records.ts";
import { type Reply, RequestError, type Route } from "../server.ts";
import type { ShopCache } from "../shopCache.ts";
import { isOn } from "../switch.ts";
import { parseBody } from "./input.ts";

/** A messaging channel's delivery. `test` is what the plans' verification sends in place of a message. */
const delivery = z.object({
  id: z.string().optional(),
  type: z.enum(["text", "image", "audio"]).optional(),
  text: z.string().max(8000).optional(),
  test: z.string().max(8000).optional(),
  from: z.string().optional(),
  tenant: z.string().optional(),
});

type Delivery = z.infer<typeof delivery>;

/** What a customer is told, and more that stands in the reply. */
interface Answered extends Record<string, unknown> {
  reply: string;
  model?: string;
}

const apology = "Sorry, I cannot answer right now. Please try again in a few minutes.";

interface WebhookOptions {
  path?: string;
  /** What a delivery is that does not say; default: text. */
  type?: "text" | "audio";
}

/**
 * The webhook of the messaging channels. It answers 200 whatever happens, also when a feature is off or the provider fails: a channel
 * sends again whatever is answered otherwise.
 */
export function webhookRoute(
  config: Config,
  conversation: Conversation,
  metrics: Metrics,
  records?: Records,
  shops: ShopCache = async (_, make) => make(),
  { path = "/webhook", type: usualType = "text" }: WebhookOptions = {},
): Route {
  const about = { provider: config.provider.name, track: config.track };
  const refusalOf = createSafeguards();
  const tools = createTools(records?.vouchers ?? createVouchers());
  const reply = (body: Record<string, unknown>): Reply => ({ status: 200, body: { ...body, ...about } });

  /** What the customer is told: by one of the agent's tools, or by the AI provider. */
  async function answer({ from, tenant }: Delivery, message: string, log: Log): Promise<Answered> {
    const asked = config.agents && askedFor(tools, message);
    if (asked) {
      const { reply, data } = await asked.tool.run({ customer: from, ...asked.input });
      return { status: "answered", reply, ...data };
    }
    const shop = await shops(tenant, () => shopFor(config.shop, tenant));
    const { text, model } = await conversation.ask({ message, system: systemFor(shop), userId: from, log });
    return { status: "answered", reply: shop.greeting ? `${shop.greeting} ${text}` : text, model, shop };
  }

  return {
    method: "POST",
    path,
    async handle({ body, log }) {
      const delivered = parseBody(delivery, body);
      const { type = usualType, text, test, from } = delivered;
      const message = text ?? test;
      if (!message) return reply({ status: "ignored", reason: "no text" });
      const feature = featureFor(type, message);
      if (config.agents && !config.agents[feature]) {
        log("INFO", `feature disabled: ${feature}`);
        return reply({ status: "ignored", reason: "feature disabled", feature });
      }
      const refusal = config.agents && refusalOf(delivered);
      if (refusal) return reply({ ...refusal, feature });
      if (from !== undefined) log("INFO", `${feature} for ${from}`);
      try {
        const started = performance.now();
        const answered = await answer(delivered, message, log);
        const { reply: text, model } = answered;
        const exchange = { from, tenant: delivered.tenant, message, answer: text, model, milliseconds: performance.now() - started };
        const saved = await records?.save(exchange);
        metrics.conversation("answered");
        return reply({ ...answered, feature, saved });
      } catch (error) {
        if (error instanceof VoucherError || error instanceof RequestError) {
          metrics.conversation("answered");
          return reply({ status: "refused", reply: error.message, feature });
        }
        if (!(error instanceof ProviderError)) throw error;
        metrics.conversation("failed");
        return reply({ status: "failed", reply: apology, feature, kind: error.kind });
      }
    },
    rescue(error, log) {
      if (error instanceof RequestError) {
        log("WARNING", `ignored: ${error.message}`);
        return reply({ status: "ignored", reason: error.message });
      }
      log("ERROR", `unexpected: ${(error as Error).stack ?? error}`);
      metrics.conversation("failed");
      return reply({ status: "failed", reply: apology, kind: "internal" });
    },
  };
}

function featureFor(type: "text" | "image" | "audio", message: string): AgentFeature {
  if (type === "audio") return "voice";
  if (/^lookup\b/i.test(message)) return "customerLookup";
  if (/^(create|redeem|void) voucher\b/i.test(message)) return "vouchers";
  return "chat";
}

/** The shop as this tenant gets it: settings, and which enhancements are on; its answers say so. */
function shopFor(shop: Config["shop"], tenant: string | undefined) {
  return {
    ...shop,
    harmonization: isOn(shop.harmonization, { tenant }),
    immediateDisplay: isOn(shop.immediateDisplay, { tenant }),
    groundedValidation: isOn(shop.groundedValidation, { tenant }),
    referenceResolution: isOn(shop.referenceResolution, { tenant }),
  };
}

/** The shop's switches act through the instruction the model gets. */
function systemFor(shop: ReturnType<typeof shopFor>): string {
  const sentences = [
    "You answer customers on a messaging channel, briefly and politely.",
    shop.businessNameAsIdentity && "Speak as the business itself, under its name.",
    shop.harmonization && `Treat messages within ${shop.harmonizationWaitSeconds} seconds of each other as one.`,
    shop.immediateDisplay && `Show matching products at once, at most ${shop.maxProducts}.`,
    shop.groundedValidation && "State only what the catalogue says.",
    shop.referenceResolution && 'Resolve references such as "the second one" from what was shown before.',
  ];
  return sentences.filter(Boolean).join(" ");
}
