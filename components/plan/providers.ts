import { z } from "zod";
import { environmentName } from "./common.ts";

const provider = z.strictObject({
  /** Environment variables by which the app is told to use this provider. */
  env: z.record(environmentName, z.string()),
  /** Credential name (a key under `credentials.<provider>`) → environment variable the app reads it from. */
  credentials: z.record(z.string(), environmentName),
});

/** The AI providers that a system can run on. */
export const providers = z.strictObject({
  /** The known-good provider: every level can return to it, and a track may pin only this one. */
  fallback: z.string(),
  /** The provider that is being introduced; left out where it is not the provider that changes. */
  candidate: z.string().optional(),
  known: z.record(z.string(), provider),
});
