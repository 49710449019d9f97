import * as z from "zod";
import type { Config } from "../config.ts";
import type { Conversation } from "../conversation.ts";
import type { Route } from "../server.ts";
import { message, parseBody } from "./input.ts";

const chat = z.object({ message, userId: z.string().optional(), model: z.string().optional() });

/** The chat whose retries can be switched off by user, by model and by share. */
export function chatRoute(config: Config, conversation: Conversation): Route {
  return {
    method: "POST",
    path: "/api/chat",
    async handle({ body, log }) {
      const answer = await conversation.ask({ ...parseBody(chat, body), system: "You are a helpful assistant.", log });
      const { text, ...details } = answer;
      return { status: 200, body: { response: text, provider: config.provider.name, track: config.track, ...details } };
    },
  };
}
