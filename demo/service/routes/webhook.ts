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
      try {
        const answer = await conversation.ask({ message, system: systemFor(config.shop, tenant), userId: from, log });
        const reply = config.shop.greeting ? `${config.shop.greeting} ${answer.text}` : answer.text;
        return { status: 200, body: { status: "answered", reply, feature, model: answer.model, ...about } };
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

/** The shop's switches act through the instruction the model gets. */
function systemFor(shop: Config["shop"], tenant: string | undefined): string {
  const sentences = [
    "You answer customers on a messaging channel, briefly and politely.",
    shop.businessNameAsIdentity && "Speak as the business itself, under its name.",
    isOn(shop.harmonization, { tenant }) && `Treat messages within ${shop.harmonizationWaitSeconds} seconds of each other as one.`,
    isOn(shop.immediateDisplay, { tenant }) && `Show matching products at once, at most ${shop.maxProducts}.`,
    isOn(shop.groundedValidation, { tenant }) && "State only what the catalogue says.",
    isOn(shop.referenceResolution, { tenant }) && 'Resolve references such as "the second one" from what was shown before.',
  ];
  return sentences.filter(Boolean).join(" ");
}
