import { configNotUpdated } from "./configNotUpdated.ts";
import { connectionPool } from "./connectionPool.ts";
import { imagePull } from "./imagePull.ts";
import { stuckTerminating } from "./stuckTerminating.ts";
import type { Trouble } from "./trouble.ts";

/** Every trouble that `rollback status` recognises, the most likely first. */
export const troubles: readonly Trouble[] = [imagePull, stuckTerminating, connectionPool, configNotUpdated];
