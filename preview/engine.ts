/** One `pulumi preview` with the policy pack, read from what the engine says of it. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { awaited } from "../pages/goldens/awaited.ts";
import { withoutSecrets } from "../pages/goldens/secrets.ts";
import type { Resource, Resources } from "../pages/goldens/update.ts";
import type { Pulumi } from "./pulumi.ts";

/** What a rule of the pack found. */
export interface Finding {
  rule: string;
  severity: string;
  /** Name of the resource. */
  resource: string;
  /** Where, and what is wrong. */
  message: string;
  /** The command that mends it, or what to write where. */
  mend: string | undefined;
}

export interface EnginePreview {
  before: Resources;
  after: Resources;
  /** By mandatory rules: the update would not begin. */
  refused: Finding[];
  /** By rules that only advise. */
  advised: Finding[];
  /** What exemptions of the stack allow. */
  exempt: string[];
  /** Why there is no preview, or only a part of one, in the engine's and the program's words. */
  failure: string | undefined;
}

interface State {
  type: string;
  urn: string;
  custom: boolean;
  inputs?: Record<string, unknown>;
  dependencies?: string[];
  parent?: string;
}

interface Digest {
  steps?: { op: string; oldState?: State; newState?: State }[];
  diagnostics?: { message: string; severity: string }[];
}

interface EngineEvent {
  policyEvent?: { resourceUrn?: string; message: string; policyName: string; enforcementLevel: string; severity?: string };
}

/** `flags` are more of `pulumi preview`'s. */
export async function enginePreview(pulumi: Pulumi, flags: readonly string[] = []): Promise<EnginePreview> {
  const folder = mkdtempSync(join(tmpdir(), "preview-"));
  const events = join(folder, "events");
  try {
    const args = ["preview", "--json", "--show-sames", "--policy-pack", "policies", "--event-log", events, ...flags];
    // The same switch by which Pulumi's own Automation API gets at the events, the only place where a policy's findings are data.
    const { exitCode, stdout, stderr } = await pulumi.run(args, { env: { PULUMI_DEBUG_COMMANDS: "true" } });
    const digest = parsed<Digest>(stdout) ?? {};
    const findings = linesOf(events).flatMap(({ policyEvent }) => (policyEvent ? [policyEvent] : []));
    const of = (levels: string[]) => findings.filter(({ enforcementLevel }) => levels.includes(enforcementLevel)).map(finding);
    const refused = of(["mandatory"]);
    return {
      ...statesOf(digest.steps ?? []),
      refused,
      advised: of(["advisory", "warning"]),
      exempt: exemptionsIn(digest),
      failure: errorsIn(digest) || (exitCode !== 0 && refused.length === 0 ? stderr.trim() || stdout.trim() : undefined),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function parsed<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}

function linesOf(file: string): EngineEvent[] {
  try {
    const lines = readFileSync(file, "utf8").split("\n");
    return lines.flatMap((line) => parsed<EngineEvent>(line) ?? []);
  } catch {
    return [];
  }
}

const nameOf = (urn = ""): string => urn.split("::").at(-1) ?? "";

function finding({ policyName, severity = "", resourceUrn, message }: NonNullable<EngineEvent["policyEvent"]>): Finding {
  // The engine puts the rule's description before what the rule reported.
  const [, text = ""] = /^[^\n]*\n(.*)/s.exec(message) ?? ["", message];
  const [said = "", mend] = text.trim().split(/\n\s*mend it with: /);
  return { rule: policyName, severity, resource: nameOf(resourceUrn), message: said, mend };
}

/** Of programs and packs, both of which say it in a line of its own. */
const exemptionsIn = ({ diagnostics = [] }: Digest): string[] =>
  diagnostics.flatMap(({ message }) => /exempt from .*/.exec(message)?.[0].trim() ?? []);

function errorsIn({ diagnostics = [] }: Digest): string | undefined {
  const errors = diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message.replace(/^error: /, "").trim());
  return errors.filter((message) => message !== "preview failed").join("\n") || undefined;
}

/** The custom resources before and after, by URN. */
function statesOf(steps: NonNullable<Digest["steps"]>): Pick<EnginePreview, "before" | "after"> {
  const [before, after] = [new Map<string, State>(), new Map<string, State>()];
  for (const { op, oldState, newState } of steps) {
    if (op === "read" || op === "refresh") continue;
    if (oldState && !before.has(oldState.urn)) before.set(oldState.urn, oldState);
    if (newState) after.set(newState.urn, newState);
  }
  return { before: resourcesOf(before), after: resourcesOf(after) };
}

function resourcesOf(states: ReadonlyMap<string, State>): Resources {
  const registered = new Map(
    [...states].map(([urn, { custom, dependencies = [], parent }]) => [
      urn,
      { custom, after: [...dependencies, ...(parent ? [parent] : [])] },
    ]),
  );
  const own = [...states].filter(([, { custom, type }]) => custom && !type.startsWith("pulumi:"));
  return new Map(
    own.map(([urn, { type, inputs = {} }]): [string, Resource] => [
      urn,
      { type, name: nameOf(urn), inputs: withoutSecrets(type, inputs), waitsFor: [...awaited(urn, registered)] },
    ]),
  );
}
