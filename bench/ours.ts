/** The project's own contestants: a config change and `pulumi up`. */

import type { Lever } from "../components/levers/commands.ts";
import type { SafeState } from "../drill/safety.ts";
import type { BenchGround } from "./ground.ts";

export interface Ours {
  name: string;
  /** Time to safety that the project promises on two cores, seconds. */
  target: number;
  /** The before state, by lever. */
  before: Record<string, Record<string, unknown> | string | undefined>;
  lever: Lever;
  safe: SafeState;
}

/** In the order they are held. */
export function ours({ images, plan }: BenchGround): Ours[] {
  const { fallback: good, candidate } = plan.providers;
  const provider = { lever: { path: "aiProvider", value: good }, safe: { provider: good } };
  const everythingOnCandidate = { aiProvider: candidate, stable: { image: images.current }, canary: undefined };
  return [
    { name: "level 1, new pods", target: 10, before: { ...everythingOnCandidate, fallback: undefined }, ...provider },
    { name: "level 1, warm fallback", target: 4, before: { ...everythingOnCandidate, fallback: { image: images.current } }, ...provider },
    {
      name: "level 2, canary to 0",
      target: 6,
      before: {
        aiProvider: candidate,
        stable: { image: images.previous, aiProvider: good },
        canary: { image: images.current, weight: 25 },
        fallback: undefined,
      },
      lever: { path: "canary.weight", value: 0 },
      safe: { provider: good, track: "stable" },
    },
  ];
}
