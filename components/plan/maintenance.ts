import { z } from "zod";
import { seconds } from "./common.ts";

/** What clients and people get while the system is in maintenance: 503 with `Retry-After`, and this page. */
export const maintenance = z.strictObject({
  /** What clients are told to wait before they ask again. */
  retryAfterSeconds: seconds.default(120),
  title: z.string(),
  /** A paragraph a line. */
  text: z.string(),
});
