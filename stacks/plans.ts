import type { Plan } from "../components/plan/plan.ts";

/** Every system's plan by name; loaded only when it is asked for, since each `pulumi up` needs just one. */
export const plans: Record<string, () => Promise<Plan>> = {
  chat: async () => (await import("./chat.ts")).default,
  mindmend: async () => (await import("./mindmend.ts")).default,
  wabot: async () => (await import("./wabot.ts")).default,
  watibot: async () => (await import("./watibot.ts")).default,
};
