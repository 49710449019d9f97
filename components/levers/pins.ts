import { z } from "zod";
import type { Plan } from "../plan/plan.ts";
import { list, type Mistake } from "./list.ts";
import { quote } from "./scalars.ts";

/** Whose requests can be pinned. */
export const pinKinds = ["endpoints", "segments", "tenants"] as const;

/** Most matches that one rule of an HTTPRoute holds. */
const most = 64;

const tooMany = (path: string) => ({
  most,
  holder: "a route",
  advice: "Send everything to stable instead",
  command: `pulumi config rm ${path === "pins" ? "" : "--path "}${path} && pulumi config set --path canary.weight 0`,
});

/** A path prefix that the Gateway API takes. */
function pathMistake(text: string): Mistake | undefined {
  if (/^(\/[\w.~!$&'()*+;=:@%-]+)+\/?$/.test(text) && !/\/\.{1,2}(\/|$)|%2f/i.test(text)) return undefined;
  return { message: `${quote(text)} is not a path; expected one like /api/dashboard`, instead: "</path>" };
}

/** Requests that stable alone answers, whatever the canary's weight: of an endpoint and all below it, a segment, a tenant (row M11). */
export function pinsSchema({ flags: { audience } }: Plan) {
  const pin = (kind: (typeof pinKinds)[number], noun: string, known: readonly string[] | undefined, mistake?: typeof pathMistake) => {
    const path = `pins.${kind}`;
    return list({ path, noun, known, ...(mistake && { mistake }), tooLong: tooMany(path) }).optional();
  };
  return z
    .strictObject(
      {
        endpoints: pin("endpoints", "endpoint", undefined, pathMistake),
        segments: pin("segments", "segment", audience.segments),
        tenants: pin("tenants", "tenant", audience.tenants),
      },
      { error: (issue) => `expected lists of ${pinKinds.join(", ")}, got ${quote(issue.input)}` },
    )
    .superRefine((pins, context) => {
      const count = pinKinds.reduce((sum, kind) => sum + (pins[kind]?.length ?? 0), 0);
      if (count <= most) return;
      const { holder, advice, command } = tooMany("pins");
      context.addIssue({ code: "custom", message: `${count} pins; ${holder} holds up to ${most}. ${advice}`, params: { command } });
    })
    .prefault({});
}
