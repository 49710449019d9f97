import { isObject } from "../../components/levers/scalars.ts";
import type { PastUpdate } from "../stack/history.ts";
import { differences, type RawLevers } from "../stack/levers.ts";
import type { Intended, Told } from "./intended.ts";

/**
 * What the `change` lever says of a change: level, who, why and which incident. Approvals, severity and bypass that were put there for
 * it stay; those of the last update were for that one.
 */
export function changeRecord(
  { level }: Pick<Intended, "level">,
  { by, reason, incident }: Told,
  now: RawLevers,
  last: PastUpdate | undefined,
): RawLevers {
  const used = differences(now.change, last?.levers.change).length === 0;
  const stated = isObject(now.change) && !used ? now.change : {};
  const said = { level, reason, incident, requestedBy: by };
  const own = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
  const { level: _, ...others } = stated;
  return { ...others, ...own };
}
