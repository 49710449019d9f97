import * as z from "zod";
import type { Config } from "../config.ts";
import type { Conversation } from "../conversation.ts";
import type { Records } from "../records/records.ts";
import type { Route } from "../server.ts";
import { message, parseBody } from "./input.ts";

const chat = z.object({ message, userId: z.string().optional(), model: z.string().optional() });

/** The chat whose retries can be switched off by user, by model and by share. */
export function chatRoute(config: Config, conversation: Conversation, records?: Records): Route {
  return {
    method: "POST",
    path: "/api/chat",
    async handle({ body, log }) {
      const question = parseBody(chat, body);
      const started = performance.now();
      const { text, ...details } = await conversation.ask({ ...question, system: "You are a helpful assistant.", log });
      const { message, userId: from } = question;
      const milliseconds = performance.now() - started;
      const saved = await records?.save({ from, message, answer: text, model: details.model, milliseconds });
      return { status: 200, body: { response: text, provider: config.provider.name, track: config.track, ...details, saved } };
    },
  };
}
