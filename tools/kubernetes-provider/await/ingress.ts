import type { V1Ingress, V1IngressClass } from "@kubernetes/client-node";
import { type Awaiter, ready, type View } from "./awaiter.ts";

/** As long as endpoints are given to settle by the official provider, which then only warns. */
const NO_SERVICE_GRACE_MS = 10_000;
const DEFAULT_CLASS = "ingressclass.kubernetes.io/is-default-class";

/** Done when its controller has given it an address and the services that it sends traffic to exist; one that does not is a warning. */
export const ingress: Awaiter = {
  dependsOnOthers: true,
  assess(view) {
    const object = view.object as unknown as V1Ingress;
    if (!object.status?.loadBalancer?.ingress?.length) {
      return {
        state: "waiting",
        progress: "waiting for a controller to give it an address",
        causes: [...controllerTroubles(object, view), ...missing(object, view)],
      };
    }
    if (!view.listed.has("services")) return { state: "waiting", progress: "looking for its services", causes: [] };
    const absent = missing(object, view);
    if (absent.length === 0) return ready;
    if (view.elapsedMs >= NO_SERVICE_GRACE_MS)
      return { state: "ready", warning: `${absent.join("; ")}; such requests are answered with an error` };
    return { state: "waiting", progress: "waiting for its services", causes: absent, recheckMs: NO_SERVICE_GRACE_MS - view.elapsedMs };
  },
  related: (object) => ({
    services: { path: `/api/v1/namespaces/${object.metadata.namespace}/services` },
    classes: { path: "/apis/networking.k8s.io/v1/ingressclasses" },
  }),
};

/** Backends whose Service is not there, one line each. */
function missing({ spec }: V1Ingress, view: View): string[] {
  if (!view.listed.has("services") || view.denied.has("services")) return [];
  const known = new Set(view.related.services?.map(({ metadata }) => metadata.name));
  const rules = (spec?.rules ?? []).flatMap(({ host = "", http }) =>
    (http?.paths ?? []).map(({ path = "", backend }) => ({ where: `${host}${path}` || "any path", service: backend.service?.name })),
  );
  const all = [...rules, { where: "the default backend", service: spec?.defaultBackend?.service?.name }];
  const absent = all.filter(({ service }) => service !== undefined && !known.has(service));
  return absent.map(({ where, service }) => `there is no Service ${service} for ${where}`);
}

/** Why perhaps nobody serves it. */
function controllerTroubles({ spec, metadata }: V1Ingress, view: View): string[] {
  // The annotation is older than classes, and controllers that honour it need none.
  if (metadata?.annotations?.["kubernetes.io/ingress.class"] || !view.listed.has("classes") || view.denied.has("classes")) return [];
  const classes = (view.related.classes ?? []) as unknown as V1IngressClass[];
  const names = classes.map((item) => item.metadata?.name).join(", ") || "none";
  const wanted = spec?.ingressClassName;
  if (!wanted) {
    const isDefault = classes.some((item) => item.metadata?.annotations?.[DEFAULT_CLASS] === "true");
    return isDefault ? [] : [`it names no IngressClass and none is the default (there are: ${names}), so no controller may feel called`];
  }
  const found = classes.find((item) => item.metadata?.name === wanted);
  return found
    ? [`its class is ${wanted}, which ${found.spec?.controller} serves`]
    : [`there is no IngressClass ${wanted} (there are: ${names})`];
}
