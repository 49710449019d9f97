import { z } from "zod";
import { environmentName } from "./common.ts";

const settingBase = { env: environmentName, description: z.string() };
const range = { minimum: z.number().int().optional(), maximum: z.number().int().optional() };

/** A setting of the app: the environment variable that it is read from, its type, range and default. */
export const setting = z.discriminatedUnion("type", [
  z.strictObject({ ...settingBase, type: z.literal("string"), default: z.string().optional() }),
  z.strictObject({ ...settingBase, type: z.literal("boolean"), default: z.boolean().optional() }),
  z.strictObject({
    ...settingBase,
    type: z.literal("integer"),
    default: z.number().int().optional(),
    ...range,
  }),
  /** One or more whole numbers; the app and a person alike write them with commas between. */
  z.strictObject({
    ...settingBase,
    type: z.literal("integers"),
    default: z.array(z.number().int()).min(1).optional(),
    ...range,
  }),
]);
