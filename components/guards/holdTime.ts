import type { Problem } from "../levers/errors.ts";
import type { Guard } from "./guard.ts";
import { type Rise, rises, setPercentage } from "./rises.ts";

/**
 * Hours are real ones, told in UTC: where clocks change in a hold it ends an hour earlier or later by the wall's clock.
 */
export const holdTime: Guard = {
  name: "hold-time",
  description: "Something new reaches more people only once the plan's milestone before was held for as long as it says.",
  why: "C9, W6, E2: a step is watched for the hours that the team agreed on",
  severity: "high",
  slowsRollouts: true,
  check(change) {
    const { plan, levers, now } = change;
    return rises(change).flatMap((rise): Problem[] => {
      const held = plan.milestones.findLast(({ percentage }) => percentage <= rise.from);
      const message = held && heldBack(rise, held, now);
      return message ? [{ path: rise.lever, message, command: setPercentage(plan, levers, rise.lever, rise.from) }] : [];
    });
  },
};

const hour = 3_600_000;

/** Why it may not rise yet; nothing where it may. */
function heldBack({ from, since }: Rise, { title, holdHours }: { title: string; holdHours: number }, now: Date): string | undefined {
  if (holdHours === 0) return undefined;
  const hold = `the plan holds "${title}" for ${holdHours} h`;
  if (since === undefined)
    return `since when it is at ${from} % is not known, and ${hold}; a verified pulumi up that leaves it there notes it down`;
  const began = new Date(since);
  if (began > now) {
    return `at ${from} % since ${utc(began)}, but this machine's clock says ${utc(now)}: the hold counts as not begun, and ${hold}. Check the clock`;
  }
  const until = new Date(began.getTime() + holdHours * hour);
  if (until <= now) return undefined;
  return `at ${from} % since ${utc(began)}, and ${hold}: until ${utc(until)}, ${left(until.getTime() - now.getTime())} from now`;
}

/** `2026-11-21 10:00 UTC`. */
const utc = (moment: Date): string => `${moment.toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** `3 h 20 min`. */
function left(milliseconds: number): string {
  const minutes = Math.ceil(milliseconds / 60_000);
  return [minutes >= 60 ? `${Math.floor(minutes / 60)} h` : "", minutes % 60 > 0 ? `${minutes % 60} min` : ""].filter(Boolean).join(" ");
}
