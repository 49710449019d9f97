import * as z from "zod";
import type { Config } from "../config.ts";
import type { Conversation } from "../conversation.ts";
import type { Route } from "../server.ts";
import { message, parseBody } from "./input.ts";

const session = z.object({ message });
const system = "You are a supportive companion between therapy sessions. Listen, reflect, and never diagnose.";

/** MindMend: one exchange of a session. */
export function therapySessionRoute(config: Config, conversation: Conversation): Route {
  return {
    method: "POST",
    path: "/api/therapy-session",
    async handle({ body, log }) {
      const answer = await conversation.ask({ ...parseBody(session, body), system, log });
      return { status: 200, body: { response: answer.text, provider: config.provider.name, model: answer.model, track: config.track } };
    },
  };
}
