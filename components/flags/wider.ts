import { type Audience, audiences } from "../plan/flag.ts";
import type { Targeting } from "./targeting.ts";

/** Whether anyone gets in by `to` who was out by `from`. */
export function wider(from: Targeting, to: Targeting): boolean {
  if (nobody(to)) return false;
  if (nobody(from) || to.percentage > from.percentage) return true;
  return audiences.some((audience) => letsIn(audience, from, to));
}

/** Whether one list lets in someone whom it kept out. */
function letsIn(audience: Audience, from: Targeting, to: Targeting): boolean {
  const [was, is] = [from.only[audience], to.only[audience]];
  const denied = to.except[audience] ?? [];
  const added = was !== undefined && (is === undefined || is.some((entry) => !was.includes(entry)));
  const forgiven = (from.except[audience] ?? []).filter((entry) => !denied.includes(entry));
  return added || forgiven.some((entry) => is?.includes(entry) ?? true);
}

const nobody = ({ enabled, percentage, only }: Targeting): boolean =>
  !enabled || percentage === 0 || Object.values(only).some((list) => list.length === 0);
