import type { Problem } from "../levers/errors.ts";
import type { Plan } from "../plan/plan.ts";
import type { ReleaseRecord } from "../releaseRecord.ts";
import type { Change } from "./change.ts";
import type { Guard } from "./guard.ts";

export const previousImage: Guard = {
  name: "previous-image",
  description: "Levels that return to the release before find one that verified updates ran; when stable moves on, the one it leaves.",
  why: "M4, C4, B3: the image before is how a release is undone",
  severity: "critical",
  slowsRollouts: false,
  check(change) {
    const { plan, levers, last } = change;
    if (!last || !needed(plan)) return [];
    const due = imageDue(change, last);
    if (due === undefined || due.image === levers.previous?.image) return [];
    const message = `${levers.previous?.image ?? "missing"}: ${due.why}, ${due.image}`;
    return [{ path: "previous.image", message, command: `pulumi config set --path previous.image ${due.image}` }] satisfies Problem[];
  },
};

const needed = ({ levels }: Plan): boolean =>
  Object.values(levels).some(({ steps }) =>
    steps.some(({ levers }) => levers.some((lever) => "sameAs" in lever && lever.sameAs === "previous.image")),
  );

/** What `previous.image` must be; nothing where it may stay as it is. */
function imageDue({ levers, forward }: Change, last: ReleaseRecord): { image: string; why: string } | undefined {
  const leaving = last.tracks.find(({ track }) => track === "stable")?.image;
  if (forward.includes("stable.image") && leaving !== undefined)
    return { image: leaving, why: "stable moves on; expected the image that it leaves" };
  const [was, is] = [last.levers?.previous?.image, levers.previous?.image];
  const verified = last.images ?? [];
  if (is !== undefined && (is === was || verified.includes(is))) return undefined;
  if (was !== undefined)
    return { image: was, why: `${is === undefined ? "levels return to it" : "no verified update ran it"}; expected what it was` };
  const before = verified[verified.indexOf(levers.stable.image) + 1];
  return before === undefined || forward.length === 0 ? undefined : { image: before, why: "expected what ran before stable's image" };
}
