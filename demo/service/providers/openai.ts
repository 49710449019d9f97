import OpenAI, { APIConnectionError, APIError, APIUserAbortError } from "openai";
import type { Config } from "../config.ts";
import { errorOfStatus, ProviderError } from "./errors.ts";
import type { Completion, Prompt, Provider } from "./provider.ts";

export function createOpenAi(config: Config["provider"]): Provider {
  // The client's own retries stay off: the service's retry settings are the ones a rollback tunes.
  const client = new OpenAI({ apiKey: config.apiKey, baseURL: config.baseUrl, maxRetries: 0 });
  return {
    async complete(prompt: Prompt, signal: AbortSignal): Promise<Completion> {
      const answer = await client.chat.completions
        .create(
          {
            model: prompt.model,
            messages: [
              { role: "system", content: prompt.system },
              { role: "user", content: prompt.message },
            ],
          },
          { signal },
        )
        .catch((error: unknown) => {
          throw translate(error, signal);
        });
      const choice = answer.choices[0];
      if (choice?.finish_reason === "content_filter" || choice?.message.refusal) {
        throw new ProviderError("safety", "OpenAI withheld the answer (content_filter)");
      }
      const usage = { inputTokens: answer.usage?.prompt_tokens ?? 0, outputTokens: answer.usage?.completion_tokens ?? 0 };
      return { text: choice?.message.content ?? "", usage };
    },
  };
}

function translate(error: unknown, signal: AbortSignal): unknown {
  if (error instanceof APIUserAbortError) return signal.reason;
  if (error instanceof APIConnectionError) return new ProviderError("unreachable", `OpenAI cannot be reached: ${error.message}`);
  if (error instanceof APIError && error.status !== undefined) return errorOfStatus(error.status, error.message);
  return error;
}
