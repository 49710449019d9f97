import { setTimeout as sleep } from "node:timers/promises";
import type { Config } from "./config.ts";
import type { Log } from "./logging.ts";
import type { Metrics } from "./metrics.ts";
import { ProviderError } from "./providers/errors.ts";
import { logNames, type Prompt, type Provider } from "./providers/provider.ts";
import { backoffBefore, type RetryPolicy, retryFor } from "./retry.ts";

export interface Question {
  message: string;
  system: string;
  /** The configured model unless given. */
  model?: string | undefined;
  userId?: string | undefined;
  log: Log;
}

export interface Answer {
  text: string;
  model: string;
  /** Calls made to the provider, the successful one included. */
  attempts: number;
  /** By what it would have been asked again. */
  retry: RetryPolicy;
}

export interface Conversation {
  /** @throws ProviderError when the provider failed, kept silent for AI_TIMEOUT_MS, or the service stops. */
  ask(question: Question): Promise<Answer>;
  /** Ends calls under way, and all later ones, with an error of kind `shutdown`. */
  abort(): void;
}

/** Asks the provider, within its time limit and by the retry settings. */
export function createConversation(config: Config, provider: Promise<Provider>, metrics: Metrics): Conversation {
  const { mark, name } = logNames[config.provider.name];
  const pending = new Set<AbortController>();
  let stopped = false;

  async function abortable<T>(work: (signal: AbortSignal) => Promise<T>, limitMs?: number): Promise<T> {
    if (stopped) throw new ProviderError("shutdown", "the service is stopping");
    const controller = new AbortController();
    const late = () => controller.abort(new ProviderError("timeout", `${name} gave no answer within ${limitMs} ms`));
    const timer = limitMs === undefined ? undefined : setTimeout(late, limitMs);
    pending.add(controller);
    try {
      return await work(controller.signal);
    } catch (error) {
      throw controller.signal.aborted ? controller.signal.reason : error;
    } finally {
      clearTimeout(timer);
      pending.delete(controller);
    }
  }

  async function call(prompt: Prompt, minLength: number, log: Log): Promise<string> {
    const client = await provider;
    const started = performance.now();
    const elapsed = () => performance.now() - started;
    try {
      const { text, usage } = await abortable((signal) => client.complete(prompt, signal), config.provider.timeoutMs);
      if (text.trim().length < minLength) throw new ProviderError("invalid", `${name} answered fewer than ${minLength} characters`);
      metrics.providerCall(prompt.model, elapsed() / 1000, { usage });
      log("INFO", `${mark} ${prompt.model} answered in ${Math.round(elapsed())} ms`);
      return text;
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      metrics.providerCall(prompt.model, elapsed() / 1000, { kind: error.kind });
      log("ERROR", `${mark} ${error.message.replaceAll(config.provider.apiKey, "[key]")}`, { kind: error.kind, model: prompt.model });
      throw error;
    }
  }

  return {
    async ask({ message, system, model = config.provider.model, userId, log }) {
      const retry = retryFor(config.retry, { user: userId, model });
      const fallback = retry.fallback && config.provider.fallbackModel !== model ? config.provider.fallbackModel : undefined;
      const ask = (asked: string) => call({ message, system, model: asked }, retry.minTextLength, log);
      for (let attempt = 1; ; attempt++) {
        try {
          return { text: await ask(model), model, attempts: attempt, retry };
        } catch (error) {
          if (!(error instanceof ProviderError) || !error.transient) throw error;
          if (attempt === 1 && (retry.maxAttempts > 1 || fallback)) metrics.retried();
          if (attempt < retry.maxAttempts) {
            const wait = backoffBefore(attempt + 1, retry.backoffMs);
            log("WARNING", `Retry ${attempt + 1} of ${retry.maxAttempts} in ${wait} ms`, { kind: error.kind });
            await abortable((signal) => sleep(wait, undefined, { signal }));
            continue;
          }
          if (fallback === undefined) throw error;
          log("WARNING", `Retry with the fallback model ${fallback}`, { kind: error.kind });
          return { text: await ask(fallback), model: fallback, attempts: attempt + 1, retry };
        }
      }
    },
    abort() {
      stopped = true;
      for (const controller of pending) controller.abort(new ProviderError("shutdown", "the service is stopping"));
    },
  };
}
