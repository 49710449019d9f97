import MurmurHash3 from "imurmurhash";

/** Who asks, and what for; what is not known is left out. */
export interface Caller {
  user?: string | undefined;
  tenant?: string | undefined;
  segment?: string | undefined;
  endpoint?: string | undefined;
  model?: string | undefined;
}

type Lists = { [kind in keyof Caller]?: string[] };

/** A switch as the environment has it. An empty list restricts nothing. */
export interface Switch {
  key: string;
  enabled: boolean;
  /** The share of users it is on for, 0 to 100. */
  percentage: number;
  only: Lists;
  except: Lists;
}

/** Whether a switch is on for this caller. A share below 100 % is sticky by user; without a user it is off. */
export function isOn({ key, enabled, percentage, only, except }: Switch, caller: Caller): boolean {
  const listed = ([kind, list]: [string, string[]]) => list.includes(caller[kind as keyof Caller] ?? "");
  if (!enabled || Object.entries(except).some(listed)) return false;
  if (!Object.entries(only).every((entry) => entry[1].length === 0 || listed(entry))) return false;
  return percentage === 100 || (Boolean(caller.user) && bucketOf(key, caller.user ?? "") < percentage);
}

/** A user's place between 0 and 99: flagd's own, so that the same users are in a share whoever evaluates it. */
function bucketOf(key: string, user: string): number {
  return Math.floor((new MurmurHash3(key + user).result() * 100) / 2 ** 32);
}
