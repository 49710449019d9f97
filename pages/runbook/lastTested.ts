import type { Drilled } from "../../components/guards/change.ts";

/** When a level was last rehearsed, and how that went. */
export const lastTested = (drilled: Drilled | undefined): string =>
  drilled ? `${drilled.at.slice(0, 10)}, safe after ${drilled.seconds.toFixed(1)} s` : "never; rehearse it before you rely on it";
