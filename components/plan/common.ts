import { z } from "zod";

export const seconds = z.number().int().positive();

export const minutes = z.number().int().min(0);

export const environmentName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "expected the name of an environment variable");

/** Key of one of the plan's `contacts`. */
export const role = z.string();

/** How bad it is, from what a team would not wake anyone for to what it stops everything for. */
export const severity = z.enum(["low", "medium", "high", "critical"]);
