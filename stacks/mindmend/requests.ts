import type { Probe } from "../../components/plan/plan.ts";

export const message = { body: { message: "test" } };
export const session = { path: "/api/therapy-session", ...message };
export const healthy: Probe = { type: "http", title: "health answers 200", path: "/health", status: 200 };
