import { createHash } from "node:crypto";
import type { Answer, Exchange } from "./exchange.ts";
import { countTokens, replyTo } from "./exchange.ts";

interface ChatRequest {
  model?: string;
  messages?: { role: string; content: string }[];
}

/** OpenAI's `POST /v1/chat/completions`, without streaming. */
export function chatCompletion({ body, authorized, fault }: Exchange): Answer {
  if (!authorized) return failure(401, "Incorrect API key provided.", "invalid_request_error", "invalid_api_key");
  if (fault.status === 429) {
    const message = "You exceeded your current quota, please check your plan and billing details.";
    return failure(429, message, "insufficient_quota", "insufficient_quota");
  }
  if (fault.status === 403) {
    return failure(403, "Project does not have access to this model.", "invalid_request_error", "model_not_found");
  }
  if (fault.status === 500) {
    return failure(500, "The server had an error while processing your request. Sorry about that!", "server_error", null);
  }
  const { model, messages } = body as ChatRequest;
  if (!model || !messages?.length) return failure(400, "you must provide a model and messages", "invalid_request_error", null);

  const question = messages.findLast(({ role }) => role === "user")?.content ?? "";
  const content = fault.safetyBlock ? null : replyTo(question);
  const promptTokens = countTokens(messages.map((message) => message.content).join(" "));
  const completionTokens = countTokens(content ?? "");
  return {
    status: 200,
    body: {
      id: `chatcmpl-${createHash("sha256").update(JSON.stringify(body)).digest("hex").slice(0, 24)}`,
      object: "chat.completion",
      created: 1_760_054_400,
      model,
      choices: [
        {
          index: 0,
          message: { role: "assistant", content, refusal: null },
          logprobs: null,
          finish_reason: fault.safetyBlock ? "content_filter" : "stop",
        },
      ],
      usage: { prompt_tokens: promptTokens, completion_tokens: completionTokens, total_tokens: promptTokens + completionTokens },
    },
  };
}

function failure(status: number, message: string, type: string, code: string | null): Answer {
  return { status, body: { error: { message, type, param: null, code } } };
}
