import * as z from "zod";

export const apiNames = ["openai", "gemini", "vertex"] as const;
export type ApiName = (typeof apiNames)[number];

/** How one provider misbehaves. Latency delays whatever else is asked for; of the others one may be given. */
const fault = z
  .strictObject({
    provider: z.enum(apiNames),
    latencyMs: z.int().min(0).max(600_000).optional(),
    status: z.literal([429, 403, 500]).optional(),
    safetyBlock: z.boolean().optional(),
    silent: z.boolean().optional(),
  })
  .refine((given) => [given.status !== undefined, given.safetyBlock, given.silent].filter(Boolean).length <= 1, {
    error: "status, safetyBlock and silent exclude each other",
  });

export type Fault = Omit<z.infer<typeof fault>, "provider">;

/** The faults in force and the requests seen, by provider. */
export function createFaults() {
  const faults: Partial<Record<ApiName, Fault>> = {};
  const requests: Record<ApiName, number> = { openai: 0, gemini: 0, vertex: 0 };
  return {
    faults,
    requests,
    /** Replaces the provider's fault. Answers what is wrong with the body, if anything. */
    set(body: unknown): string | undefined {
      const parsed = fault.safeParse(body);
      if (!parsed.success) return parsed.error.issues.map((issue) => `${issue.path.join(".") || "body"}: ${issue.message}`).join("; ");
      const { provider, ...rest } = parsed.data;
      faults[provider] = rest;
      return undefined;
    },
    clear(): void {
      for (const name of apiNames) delete faults[name];
    },
  };
}
