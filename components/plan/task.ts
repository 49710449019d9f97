import { z } from "zod";
import { seconds } from "./common.ts";

/** What a task can follow: stable's image, the settings, the flags. */
export const taskCauses = ["image", "settings", "flags"] as const;

/** A command that belongs to a change, such as emptying a cache; it runs in a pod of stable's image, settings and flags. */
export const task = z.strictObject({
  title: z.string(),
  command: z.array(z.string()).min(1),
  /** It runs once after each change of any of these, when traffic and pods have followed the change. */
  on: z.array(z.enum(taskCauses)).min(1),
  /** The longest it may take, tries included. */
  timeoutSeconds: seconds.default(120),
});
