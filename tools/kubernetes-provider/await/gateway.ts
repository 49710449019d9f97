import type { KubeObject } from "../objects.ts";
import { type Awaiter, ready } from "./awaiter.ts";
import { type Condition, isCurrent, reasonOf, untilTrue } from "./conditions.ts";

interface GatewayFields {
  spec?: { gatewayClassName?: string };
  status?: { listeners?: { name: string; conditions?: Condition[] }[] };
}

interface ParentRef {
  group?: string;
  kind?: string;
  namespace?: string;
  name: string;
  sectionName?: string;
  port?: number;
}

interface RouteFields {
  spec?: { parentRefs?: ParentRef[] };
  status?: { parents?: { parentRef: ParentRef; controllerName: string; conditions?: Condition[] }[] };
}

const gatewayDone = untilTrue("Accepted", "Programmed");

/** Done when its controller has accepted it and traffic can flow; listeners that cannot serve are told. */
export const gateway: Awaiter = {
  assess(view) {
    const { spec, status } = view.object as GatewayFields;
    const troubles = (status?.listeners ?? []).flatMap(({ name, conditions = [] }) =>
      conditions.filter(isBad).flatMap((found) => reasonOf(found).map((reason) => `listener ${name}: ${reason}`)),
    );
    const verdict = gatewayDone.assess(view);
    if (verdict.state === "ready") return troubles.length > 0 ? { state: "ready", warning: troubles.join("; ") } : ready;
    return { ...verdict, causes: [...verdict.causes, `its GatewayClass is ${spec?.gatewayClassName}`, ...troubles] };
  },
};

function isBad({ type, status }: Condition): boolean {
  return type === "Conflicted" ? status === "True" : status === "False";
}

/** Done when every parent's controller has accepted the route and found what it sends traffic to. */
export const route: Awaiter = {
  assess(view) {
    const parents = (view.object as RouteFields).spec?.parentRefs ?? [];
    const troubles = parents.map((parent) => troublesWith(parent, view.object));
    const accepted = troubles.filter((causes) => causes.length === 0).length;
    if (accepted === parents.length) return ready;
    return { state: "waiting", progress: `accepted by ${accepted} of ${parents.length} parents`, causes: troubles.flat() };
  },
};

/** What the controllers of one parent say against the route; a parent may have several, one that is content does not outweigh another. */
function troublesWith(parent: ParentRef, object: KubeObject): string[] {
  const name = nameOf(parent, object);
  const reports = ((object as RouteFields).status?.parents ?? []).filter(({ parentRef }) => nameOf(parentRef, object) === name);
  if (reports.length === 0)
    return [`${name}: no controller has seen the route; is there such a ${parent.kind ?? "Gateway"}, and who serves it?`];
  return reports.flatMap(({ conditions = [] }) =>
    ["Accepted", "ResolvedRefs"].flatMap((type) => {
      const found = conditions.find((condition) => condition.type === type);
      if (!found) return [`${name}: no word yet on ${type}`];
      if (!isCurrent(object, found)) return [`${name}: its controller has not seen the change`];
      return found.status === "True" ? [] : [[`${name}: ${type} is ${found.status}`, ...reasonOf(found)].join(": ")];
    }),
  );
}

/** `Gateway shop/edge, listener https`. */
function nameOf({ kind = "Gateway", namespace, name, sectionName, port }: ParentRef, object: KubeObject): string {
  const where = `${kind} ${namespace ?? object.metadata.namespace}/${name}`;
  return [where, ...(sectionName ? [`listener ${sectionName}`] : []), ...(port ? [`port ${port}`] : [])].join(", ");
}
