import { z } from "zod";

export const seconds = z.number().int().positive();

export const environmentName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "expected the name of an environment variable");
