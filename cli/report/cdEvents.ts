/**
 * A rollback as CDEvents 0.5.0, for tools that follow deployments and incidents: https://github.com/cdevents/spec,
 * `continuous-deployment.md` and `continuous-operations.md`. There is no SDK of theirs for JavaScript.
 */

import { createHash } from "node:crypto";
import type { Plan } from "../../components/plan/plan.ts";
import type { FieldValues } from "../fieldValues.ts";
import { told } from "../pastLine.ts";
import type { PastUpdate } from "../stack/history.ts";
import { type Happened, workFor } from "./happened.ts";
import { purl } from "./purl.ts";

const specversion = "0.5.0";
const typeVersion = "0.3.0";

export interface CdEvent {
  context: { specversion: string; id: string; chainId: string; source: string; type: string; timestamp: string };
  subject: { id: string; source: string; content: Record<string, unknown> };
  customData?: Record<string, unknown>;
  customDataContentType?: "application/json";
}

/** What people tell of an incident; times with their zone. */
export const cdEventFields = ["detected", "reported", "ticket"] as const;

export interface Told {
  events: CdEvent[];
  /** Events that are missing, each with what would tell it. */
  gaps: string[];
}

interface Sources {
  plan: Plan;
  /** Name of the stack. */
  stack: string;
  rollback: Happened;
  /** The newest update first. */
  history: readonly PastUpdate[];
  /** Whether `history` reaches back to the stack's first update. */
  whole: boolean;
  typed: FieldValues;
}

/** Events in the order in which they happened. What nobody knows is no event. */
export function cdEvents(sources: Sources): Told {
  const services = serviceEvents(sources);
  const { events, gaps } = incidentEvents(sources);
  return { events: [...services, ...events].sort((a, b) => a.context.timestamp.localeCompare(b.context.timestamp)), gaps };
}

/** What was rolled out before, and each update of the incident that ended well. */
function serviceEvents({ plan, stack, rollback, history, whole }: Sources): CdEvent[] {
  const chain = chainOf(stack, rollback);
  const event = (predicate: string, update: PastUpdate): CdEvent[] => {
    const artifactId = purl(Object(update.levers.stable).image);
    if (update.result !== "succeeded" || update.endedAt === undefined || artifactId === undefined) return [];
    const { what, level, why, by, ended } = told(update);
    const content = { environment: environmentOf(update), artifactId };
    const own = { what, level, why, by, verified: ended === "verified" };
    return [
      {
        ...named(`service.${predicate}`, { stack, chain, at: update.endedAt, id: plan.service.name, content }),
        customData: Object.fromEntries(Object.entries(own).filter(([, value]) => value !== null)),
        customDataContentType: "application/json",
      },
    ];
  };
  const { before } = rollback;
  const first = whole && before !== undefined && before === history.at(-1);
  return [
    ...(before ? event(first ? "deployed" : "upgraded", before) : []),
    ...workFor(rollback, history).flatMap((update) => (update === before ? [] : event("rolledback", update))),
  ];
}

function incidentEvents({ plan, stack, rollback, typed }: Sources): Told {
  const { change, steps, ended } = rollback;
  const last = steps.at(-1) as PastUpdate;
  if (change.incident === undefined) {
    return { events: [], gaps: ["incident.*: the change record names no incident; --incident goes into it with the next rollback"] };
  }
  const content = {
    ...(change.reason === undefined ? {} : { description: String(change.reason) }),
    environment: environmentOf(last),
    service: { id: plan.service.name, source: sourceOf(stack) },
  };
  const event = (predicate: string, at: string, more: object = {}) =>
    named(`incident.${predicate}`, {
      stack,
      chain: chainOf(stack, rollback),
      at,
      id: String(change.incident),
      content: { ...content, ...more },
    });
  const { detected, reported, ticket } = typed;
  const verifiedAt = ended === "verified" ? last.endedAt : undefined;
  return {
    events: [
      ...(detected ? [event("detected", detected)] : []),
      ...(reported && ticket ? [event("reported", reported, { ticketURI: ticket })] : []),
      ...(verifiedAt ? [event("resolved", verifiedAt)] : []),
    ],
    gaps: [
      ...(detected ? [] : ["incident.detected: detected=<time>"]),
      ...(reported && ticket ? [] : ["incident.reported: reported=<time> ticket=<address>"]),
      ...(verifiedAt ? [] : ["incident.resolved: the rollback is not verified"]),
    ],
  };
}

/** The same event has the same id whenever it is told, so that who got it twice can tell. */
function named(
  kind: string,
  { stack, chain, at, id, content }: { stack: string; chain: string; at: string; id: string; content: Record<string, unknown> },
): CdEvent {
  const type = `dev.cdevents.${kind}.${typeVersion}`;
  const timestamp = new Date(at).toISOString();
  return {
    context: { specversion, id: digest(stack, type, id, timestamp), chainId: chain, source: sourceOf(stack), type, timestamp },
    subject: { id, source: sourceOf(stack), content },
  };
}

const sourceOf = (stack: string): string => `/rollback-stacks/${stack}`;

const environmentOf = ({ levers }: PastUpdate) => ({ id: String(levers.environment ?? "production") });

const chainOf = (stack: string, { change, steps }: Happened): string => digest(stack, String(change.incident ?? steps[0]?.startedAt));

const digest = (...parts: string[]): string => createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 32);
