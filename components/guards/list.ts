import type { Guard } from "./guard.ts";
import { nextMilestone } from "./nextMilestone.ts";

/** Every guard, in the order in which their messages are read. */
export const guards: readonly Guard[] = [nextMilestone];
