import * as z from "zod";
import type { AgentFeature, Config } from "../config.ts";
import type { Conversation } from "../conversation.ts";
import { ProviderError } from "../providers/errors.ts";
import type { Route } from "../server.ts";
import { isOn } from "../switch.ts";
import { parseBody } from "./input.ts";

/** A messaging channel's delivery. `test` is what the plans' verification sends in place of a message. */
const delivery = z.object({
  type: z.enum(["text", "image", "audio"]).default("text"),
  text: z.string().max(8000).optional(),
  test: z.string().max(8000).optional(),
  from: z.string().optional(),
  tenant: z.string().optional(),
});

const apology = "Sorry, I cannot answer right now. Please try again in a few minutes.";

/**
 * The webhook of the messaging channels. It answers 200 also when a feature is off or the provider fails, since a channel
 * sends again whatever is answered otherwise.
 */
export function webhookRoute(config: Config, conversation: Conversation): Route {
  const about = { provider: config.provider.name, track: config.track };
  return {
    method: "POST",
    path: "/webhook",
    async handle({ body, log }) {
      const { type, text, test, from, tenant } = parseBody(delivery, body);
      const message = text ?? test;
      if (!message) return { status: 200, body: { status: "ignored", reason: "no text", ...about } };
      const feature = featureFor(type, message);
      if (config.agents && !config.agents[feature]) {
        log("INFO", `feature disabled: ${feature}`);
        return { status: 200, body: { status: "ignored", reason: "feature disabled", feature, ...about } };
      }
      const shop = shopFor(config.shop, tenant);
      try {
        const answer = await conversation.ask({ message, system: systemFor(shop), userId: from, log });
        const reply = config.shop.greeting ? `${config.shop.greeting} ${answer.text}` : answer.text;
        return { status: 200, body: { status: "answered", reply, feature, model: answer.model, shop, ...about } };
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        return { status: 200, body: { status: "failed", reply: apology, feature, kind: error.kind, ...about } };
      }
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
