import * as z from "zod";
import { RequestError } from "../server.ts";

/** What a person wrote. */
export const message = z.string().trim().min(1, "is empty").max(8000, "is longer than 8000 characters");

/** @throws RequestError 400 naming each wrong field. */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new RequestError(400, parsed.error.issues.map((issue) => `${issue.path.join(".") || "body"}: ${issue.message}`).join("; "));
}
