/** Levers as the commands of a level leave them. */

import type { PlanLever } from "../plan/plan.ts";
import { isObject } from "./scalars.ts";

/** A stack's levers, or a part of them, as they stand in its file. */
export type Config = Record<string, unknown>;

/**
 * After `pulumi config set --path` and `pulumi config rm --path`; a lever that is set to what another holds finds it there.
 *
 * @throws {TypeError} where part of something is set that has no parts, which Pulumi refuses.
 */
export function pulled(config: Config, lever: PlanLever): Config {
  const value = "value" in lever ? lever.value : "sameAs" in lever ? configAt(config, lever.sameAs) : undefined;
  return set(config, lever.path.split("."), value);
}

/** What stands at a path; undefined where nothing does. */
export const configAt = (config: unknown, path: string): unknown =>
  path.split(".").reduce<unknown>((holder, key) => Object(holder)[key], config);

/** Pulumi changes no part of anything but a map; what is undefined is taken away. */
function set(config: Config, [key = "", ...below]: readonly string[], value: unknown): Config {
  if (below.length === 0) {
    const { [key]: _, ...others } = config;
    return value === undefined ? others : { ...config, [key]: value };
  }
  const inner = config[key] ?? {};
  if (!isObject(inner))
    throw new TypeError(`${key} is ${String(inner)} there, and Pulumi sets no part of that; expected { enabled: ${String(inner)} }`);
  return { ...config, [key]: set(inner, below, value) };
}
