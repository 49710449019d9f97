import type { FunctionName } from "../agent/functions.ts";
import { createTools, type Tool } from "../agent/tools.ts";
import { createVouchers, VoucherError } from "../agent/vouchers.ts";
import type { Config } from "../config.ts";
import type { Conversation } from "../conversation.ts";
import type { Metrics } from "../metrics.ts";
import type { Records } from "../records/records.ts";
import { RequestError, type Route } from "../server.ts";
import { webhookRoute } from "./webhook.ts";

const pathOf = (name: FunctionName): string => `/functions/v1/${name}`;

/** One of the agent's functions, for a process that is nothing else. */
export function functionRoute(name: FunctionName, config: Config, conversation: Conversation, metrics: Metrics, records?: Records): Route {
  const path = pathOf(name);
  if (name === "ai-whatsapp-webhook") return webhookRoute(config, conversation, metrics, records, undefined, { path });
  if (name === "ai-realtime-webhook") return webhookRoute(config, conversation, metrics, records, undefined, { path, type: "audio" });
  return toolRoute(path, createTools(records?.vouchers ?? createVouchers())[name], config);
}

function toolRoute(path: string, { feature, run }: Tool, { agents, track }: Config): Route {
  return {
    method: "POST",
    path,
    async handle({ body, log }) {
      if (!agents?.[feature]) {
        log("INFO", `feature disabled: ${feature}`);
        return { status: 200, body: { status: "ignored", reason: "feature disabled", feature, track } };
      }
      try {
        return { status: 200, body: { status: "done", ...(await run(body)).data, feature, track } };
      } catch (error) {
        throw error instanceof VoucherError ? new RequestError(409, error.message) : error;
      }
    },
  };
}
