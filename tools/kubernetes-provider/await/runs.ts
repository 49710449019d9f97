import type { V1Job, V1Pod } from "@kubernetes/client-node";
import { type Awaiter, condition, podsOf, ready } from "./awaiter.ts";
import { isReady, ownedBy, podTroubles, pullFailedAgain } from "./pods.ts";
import { waitingForPods } from "./workload.ts";

/** Done when it is complete; failed as soon as Kubernetes gives it up, or where Kubernetes never would and waiting cannot help. */
export const job: Awaiter = {
  assess(view) {
    const { status, spec, metadata } = view.object as unknown as V1Job;
    if (spec?.suspend) return ready;
    if (condition(status?.conditions, "Complete")?.status === "True") return ready;
    const pods = ownedBy(view.pods, metadata?.uid);
    const failed = condition(status?.conditions, "Failed") ?? condition(status?.conditions, "FailureTarget");
    if (failed?.status === "True") {
      return { state: "failed", causes: [`${failed.reason}: ${failed.message}`, ...podTroubles(pods, view).causes] };
    }
    const wanted = spec?.completions ?? 1;
    const verdict = waitingForPods(`${status?.succeeded ?? 0} of ${wanted} runs succeeded`, pods, metadata?.uid, view);
    // A Deployment has its progress deadline; nothing counts or ends a Job's waiting for an image.
    if (verdict.state === "waiting" && pods.some((pod) => pullFailedAgain(pod, view.events)))
      return { state: "failed", causes: verdict.causes };
    // A Job counts its own failures and gives up by itself, so a crash is never the end here.
    const crashed = verdict.state === "failed" && (status?.failed ?? 0) > 0;
    return crashed ? { state: "waiting", progress: `${status?.failed} runs failed`, causes: verdict.causes } : verdict;
  },
  related: (object) => podsOf(object, `batch.kubernetes.io/job-name=${object.metadata.name}`),
};

/** Done when it is ready or has succeeded. */
export const pod: Awaiter = {
  assess(view) {
    const object = view.object as unknown as V1Pod;
    if (isReady(object) || object.status?.phase === "Succeeded") return ready;
    const { causes, fatal } = podTroubles([object], view);
    if (object.status?.phase === "Failed") {
      return { state: "failed", causes: [...causes, object.status.message ?? object.status.reason ?? "the pod failed"] };
    }
    return fatal ? { state: "failed", causes } : { state: "waiting", progress: `pod is ${object.status?.phase ?? "Pending"}`, causes };
  },
  related(object) {
    const path = `/api/v1/namespaces/${object.metadata.namespace}/events`;
    return { events: { path, fieldSelector: `type=Warning,involvedObject.name=${object.metadata.name}` } };
  },
};
