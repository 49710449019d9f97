import type { V1CustomResourceDefinition, V1Namespace } from "@kubernetes/client-node";
import { type Awaiter, condition, ready } from "./awaiter.ts";

export const namespace: Awaiter = {
  assess(view) {
    const { status } = view.object as unknown as V1Namespace;
    return status?.phase === "Active" ? ready : { state: "waiting", progress: `namespace is ${status?.phase ?? "new"}`, causes: [] };
  },
};

/** Done when the server serves the kind. */
export const customResourceDefinition: Awaiter = {
  assess(view) {
    const { status } = view.object as unknown as V1CustomResourceDefinition;
    const names = condition(status?.conditions, "NamesAccepted");
    if (names?.status === "False") return { state: "failed", causes: [`${names.reason}: ${names.message}`] };
    if (condition(status?.conditions, "Established")?.status === "True") return ready;
    return { state: "waiting", progress: "waiting for the server to serve the kind", causes: [] };
  },
};
