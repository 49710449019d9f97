import { highestReplicaWeight } from "../motion.ts";
import type { Plan } from "../plan/plan.ts";
import type { Problem } from "./errors.ts";
import { pinKinds } from "./pins.ts";
import { isObject } from "./scalars.ts";

const isEmpty = (value: unknown): boolean => value === undefined || value === "" || (Array.isArray(value) && value.length === 0);

/** What a stack asks of a Gateway that replicas cannot do, or that the Gateway lacks something for. */
export function gatewayProblems(raw: Record<string, unknown>, plan: Plan): Problem[] {
  const traffic = isObject(raw.traffic) ? raw.traffic : {};
  const pins = isObject(raw.pins) ? raw.pins : {};
  const named = pinKinds.filter((kind) => !isEmpty(pins[kind]));
  return [...(traffic.mode === "gateway" ? withoutGateway(traffic) : beyondReplicas(raw, named)), ...withoutHeader(named, plan)];
}

const nameGateway = "pulumi config set --path traffic.gateway.name <gateway>";

function withoutGateway({ gateway }: Record<string, unknown>): Problem[] {
  if (gateway !== undefined) return [];
  return [{ path: "traffic.gateway", message: "missing: the Gateway that the route is attached to", command: nameGateway }];
}

function beyondReplicas({ canary, traffic }: Record<string, unknown>, pins: readonly string[]): Problem[] {
  const gatewayMode = `${isObject(traffic) && traffic.gateway ? "" : `${nameGateway} && `}pulumi config set --path traffic.mode gateway`;
  const weight = Number(isObject(canary) ? canary.weight : undefined);
  const unreachable = Number.isInteger(weight) && weight > highestReplicaWeight && weight < 100;
  return [
    ...(unreachable
      ? [
          {
            path: "canary.weight",
            message: `${weight} cannot be reached with replicas, which weigh up to ${highestReplicaWeight} or 100; expected one of those, or a Gateway`,
            command: "pulumi config set --path canary.weight 0",
          },
        ]
      : []),
    ...pins.map((kind) => ({
      path: `pins.${kind}`,
      message: "single requests cannot be pinned with replicas, which take any request; only a Gateway's route tells them apart",
      command: gatewayMode,
    })),
  ];
}

/** A pin that no request can be told by. */
function withoutHeader(pins: readonly (typeof pinKinds)[number][], { system, traffic: { headers } }: Plan): Problem[] {
  return pins.flatMap((kind) => {
    if (kind === "endpoints" || headers[kind]) return [];
    const message = `the plan names no header that carries ${kind}; add traffic: { headers: { ${kind}: "x-…" } } to stacks/${system}.ts first`;
    return [{ path: `pins.${kind}`, message, command: `pulumi config rm --path pins.${kind}` }];
  });
}
