import { span } from "../text.ts";
import { podName, podsOf, type Trouble } from "./trouble.ts";

/** A kubelet that is there ends a pod within its grace period; this is for the moment in between. */
const slackMs = 10_000;

export const stuckTerminating: Trouble = {
  name: "pods stuck in Terminating",
  look(seen) {
    // deletionTimestamp is when the grace period is over, not when the deletion was asked for.
    const overdue = podsOf(seen).flatMap((pod) => {
      const { deletionTimestamp, finalizers = [] } = pod.metadata ?? {};
      const late = deletionTimestamp === undefined ? 0 : seen.now - new Date(deletionTimestamp).getTime();
      return late > slackMs ? [{ name: podName(pod), late, finalizers }] : [];
    });
    return overdue.map(({ name, late, finalizers }) => {
      const what = `pod ${name} should have ended ${span(late)} ago`;
      if (finalizers.length === 0) return { what, mend: `${seen.kubectl} delete pod ${name} --grace-period=0 --force` };
      const patch = `'{"metadata":{"finalizers":null}}'`;
      return {
        what: `${what}; ${finalizers.join(", ")} holds it`,
        mend: `${seen.kubectl} patch pod ${name} --type merge --patch ${patch}`,
      };
    });
  },
};
