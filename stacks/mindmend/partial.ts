import type { PlanInput } from "../../components/plan/plan.ts";
import { healthy, message, session } from "./requests.ts";

const enterprise = { headers: { "x-user-segment": "enterprise" } };

/** M11: what the document does in the app's code, a provider of their own for one endpoint and for one segment, done in front of it. */
export const partial = {
  endpoint: {
    title: "Partial: one endpoint",
    when: ["Only one endpoint has issues", "Everything else works on the candidate"],
    rows: ["M11"],
    traffic: "gateway",
    rtoSeconds: 120,
    steps: [{ levers: [{ path: "pins.endpoints", value: session.path, chosen: "path of the endpoint" }] }],
    safe: { provider: "openai", track: "stable" },
    verification: [
      healthy,
      { type: "provider", title: "20 of 20 requests to it answered by openai", ...session, provider: "openai", of: 20 },
      {
        type: "tracks",
        title: "every other endpoint is still shared",
        path: "/api/chat",
        ...message,
        tracks: ["stable", "canary"],
        of: 60,
      },
    ],
  },
  segment: {
    title: "Partial: one segment",
    when: ["Only one segment of users has issues, or must not be part of the experiment", "Everybody else stays on the candidate"],
    rows: ["M11"],
    traffic: "gateway",
    rtoSeconds: 120,
    steps: [{ levers: [{ path: "pins.segments", value: "enterprise", chosen: "segment" }] }],
    safe: { provider: "openai", track: "stable" },
    verification: [
      healthy,
      { type: "provider", title: "20 of 20 sessions of it answered by openai", ...session, ...enterprise, provider: "openai", of: 20 },
      { type: "tracks", title: "everybody else is still shared", ...session, tracks: ["stable", "canary"], of: 60 },
    ],
  },
} satisfies PlanInput["levels"];
