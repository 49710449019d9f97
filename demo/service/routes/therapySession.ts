import * as z from "zod";
import type { Config } from "../config.ts";
import type { Conversation } from "../conversation.ts";
import type { Records } from "../records/records.ts";
import type { Route } from "../server.ts";
import { message, parseBody } from "./input.ts";

const session = z.object({ message, patient: z.string().max(200).optional() });
const system = "You are a supportive companion between therapy sessions. Listen, reflect, and never diagnose.";

/** MindMend: one exchange of a session. */
export function therapySessionRoute(config: Config, conversation: Conversation, records?: Records): Route {
  return {
    method: "POST",
    path: "/api/therapy-session",
    async handle({ body, log }) {
      const { message, patient } = parseBody(session, body);
      const started = performance.now();
      const { text, model } = await conversation.ask({ message, system, log });
      const milliseconds = performance.now() - started;
      const saved = await records?.save({ from: patient, message, answer: text, model, milliseconds });
      return { status: 200, body: { response: text, provider: config.provider.name, model, track: config.track, saved } };
    },
  };
}
