// The web build authenticates with API keys only, which is all this service uses. The Node build adds Google's credential
// discovery and takes three times as long to load.
import { ApiError, FinishReason, GoogleGenAI } from "@google/genai/web";
import type { Config } from "../config.ts";
import { errorOfStatus, ProviderError } from "./errors.ts";
import type { Completion, Prompt, Provider } from "./provider.ts";

const withheld: ReadonlySet<FinishReason> = new Set([FinishReason.SAFETY, FinishReason.PROHIBITED_CONTENT, FinishReason.BLOCKLIST]);

export function createGemini(config: Config["provider"]): Provider {
  const client = new GoogleGenAI({
    apiKey: config.apiKey,
    vertexai: config.name === "vertex",
    ...(config.baseUrl !== undefined && { httpOptions: { baseUrl: config.baseUrl } }),
  });
  return {
    async complete(prompt: Prompt, signal: AbortSignal): Promise<Completion> {
      const answer = await client.models
        .generateContent({
          model: prompt.model,
          contents: prompt.message,
          config: { systemInstruction: prompt.system, abortSignal: signal },
        })
        .catch((error: unknown) => {
          throw translate(error, signal);
        });
      const reason = answer.promptFeedback?.blockReason ?? answer.candidates?.[0]?.finishReason;
      if (answer.promptFeedback?.blockReason || withheld.has(reason as FinishReason)) {
        throw new ProviderError("safety", `Gemini withheld the answer (${reason})`);
      }
      const usage = {
        inputTokens: answer.usageMetadata?.promptTokenCount ?? 0,
        outputTokens: answer.usageMetadata?.candidatesTokenCount ?? 0,
      };
      return { text: answer.text ?? "", usage };
    },
  };
}

function translate(error: unknown, signal: AbortSignal): unknown {
  if (error instanceof ApiError) return errorOfStatus(error.status, messageOf(error));
  if (signal.aborted) return signal.reason;
  // fetch rejects with a TypeError whose cause is the socket's error.
  if (error instanceof TypeError) return new ProviderError("unreachable", `Gemini cannot be reached: ${(error.cause ?? error) as Error}`);
  return error;
}

/** The client puts the whole JSON body into its error's message. */
function messageOf(error: ApiError): string {
  const body = JSON.parse(error.message) as { error?: { message?: string } };
  return `${error.status} ${body.error?.message ?? error.message}`;
}
