import { z } from "zod";
import { environmentName } from "./common.ts";

/** What a system keeps beside its database to answer sooner; a stack says where it is (lever `cache`). Tasks empty it. */
export const cache = z.strictObject({
  engine: z.literal("redis"),
  /** Variables by which the app, and the tasks in its image, find it: its address, and the file that holds the password. */
  env: z.strictObject({ url: environmentName, passwordFile: environmentName }),
});
