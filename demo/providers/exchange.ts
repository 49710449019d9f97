import type { Fault } from "./faults.ts";

/** One request to a provider's API. */
export interface Exchange {
  body: unknown;
  /** Whether a key was sent; any key will do. */
  authorized: boolean;
  fault: Fault;
}

export interface Answer {
  status: number;
  body: unknown;
}

/** The same words for the same question, so that a drill can compare answers across providers. */
export function replyTo(question: string): string {
  return `You wrote: "${question.slice(0, 200)}". I am here and I am listening; tell me more about it.`;
}

/** A model's tokenizer gives about four characters a token for English. */
export function countTokens(text: string): number {
  return Math.ceil(text.length / 4);
}
