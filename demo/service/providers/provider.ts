import type { Config, ProviderName } from "../config.ts";

export interface Prompt {
  message: string;
  /** Instruction given to the model beside the message. */
  system: string;
  model: string;
}

export interface Usage {
  inputTokens: number;
  outputTokens: number;
}

export interface Completion {
  text: string;
  usage: Usage;
}

/** One AI provider behind its official client. A call rejects with {@link ProviderError}, or with the signal's reason. */
export interface Provider {
  complete(prompt: Prompt, signal: AbortSignal): Promise<Completion>;
}

/** What each provider is called in the log; `[OPENAI]` and `[VERTEX]` are the marks that the plans search for. */
export const logNames: Record<ProviderName, { mark: string; name: string }> = {
  openai: { mark: "[OPENAI]", name: "OpenAI" },
  gemini: { mark: "[GEMINI]", name: "Gemini" },
  vertex: { mark: "[VERTEX]", name: "Vertex AI" },
};

/** Only the chosen provider's client is loaded: the other would cost up to a third of the start-up time. */
export async function createProvider(config: Config["provider"]): Promise<Provider> {
  if (config.name === "openai") return (await import("./openai.ts")).createOpenAi(config);
  return (await import("./gemini.ts")).createGemini(config);
}
