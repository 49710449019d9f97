/** `pulumi up`, watched. */

import { upArguments } from "../../pulumi/levers.ts";
import { CommandError } from "../../pulumi/pulumi.ts";
import type { Progress } from "../../tools/setup/progress.ts";
import type { OpenStack } from "../stack/open.ts";
import { type EngineEvent, followingEvents } from "./events.ts";

export interface Resource {
  /** `Deployment`. */
  kind: string;
  name: string;
}

export interface UpdateOutcome {
  /** Nothing where it ended well. */
  error: CommandError | undefined;
  /** What was changed, in order. */
  done: Resource[];
  /** What could not be, without what never reached its cluster. */
  failed: Resource[];
  /** What the engine and the program said was wrong. */
  errors: string[];
}

export interface UpdateOptions {
  /** For Pulumi's history. */
  message: string;
  refresh: boolean;
  progress: Progress;
  /** When the level's objective is missed, in milliseconds since the epoch. */
  deadline: number;
  /** Told once, with what is awaited then. */
  onLate: (awaited: readonly Resource[]) => void;
}

/** This project's provider's words, and the official one's, where the API server never answered: no change was sent to it. */
const unreached = /Kubernetes API server at .* cannot be reached|configured Kubernetes cluster is unreachable/;
/** The engine's last word on a failed update, which says nothing. */
const engineEnd = "update failed";
const quiet = new Set(["same", "read", "refresh", "read-replacement", "replace", "delete-replaced", "remove-pending-replace"]);
const verbs: Record<string, string> = { create: "making", update: "changing", "create-replacement": "making anew", delete: "taking away" };

/** Runs the stack's program. Never throws for an update that fails. */
export async function update(stack: OpenStack, { message, refresh, progress, deadline, onLate }: UpdateOptions): Promise<UpdateOutcome> {
  const outcome: UpdateOutcome = { error: undefined, done: [], failed: [], errors: [] };
  const watched = new Watched(progress, outcome, { deadline, onLate });
  const args = [...upArguments, ...(refresh ? ["--refresh"] : []), "--message", message];
  await followingEvents(
    (event) => watched.see(event),
    async (file) => {
      try {
        await stack.pulumi.run([...args, "--event-log", file]);
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        outcome.error = error;
      }
    },
  );
  await watched.end();
  return outcome;
}

interface Running {
  resource: Resource;
  report: (line: string) => void;
  saying: string;
  /** Whether its cluster was never reached. */
  unreached: boolean;
  end: (failed?: Error) => void;
  shown: Promise<unknown>;
}

class Watched {
  readonly #running = new Map<string, Running>();
  readonly #progress: Progress;
  readonly #outcome: UpdateOutcome;
  readonly #deadline: number;
  readonly #onLate: UpdateOptions["onLate"];
  #late = false;
  readonly #ticker: NodeJS.Timeout;

  constructor(progress: Progress, outcome: UpdateOutcome, { deadline, onLate }: Pick<UpdateOptions, "deadline" | "onLate">) {
    this.#progress = progress;
    this.#outcome = outcome;
    this.#deadline = deadline;
    this.#onLate = onLate;
    this.#ticker = setInterval(() => this.#tick(), 1000);
  }

  see({ resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent }: EngineEvent): void {
    if (resourcePreEvent && !quiet.has(resourcePreEvent.metadata.op)) this.#begin(resourcePreEvent.metadata);
    if (resOutputsEvent) this.#finish(resOutputsEvent.metadata.urn);
    if (resOpFailedEvent) this.#finish(resOpFailedEvent.metadata.urn, new Error("failed"));
    if (diagnosticEvent) this.#hear(diagnosticEvent);
  }

  async end(): Promise<void> {
    clearInterval(this.#ticker);
    for (const urn of [...this.#running.keys()]) this.#finish(urn, new Error("cut off"));
  }

  #begin({ urn, op, type }: { urn: string; op: string; type: string }): void {
    const resource = { kind: type.split(":").at(-1) ?? type, name: urn.split("::").at(-1) ?? urn };
    let report: (line: string) => void = () => {};
    let end: (failed?: Error) => void = () => {};
    const over = new Promise<void>((resolve, reject) => {
      end = (failed) => (failed ? reject(failed) : resolve());
    });
    const name = `${verbs[op] ?? op} ${resource.kind} ${resource.name}`;
    const shown = this.#progress.step(name, {}, (tell) => {
      report = tell;
      return over;
    });
    // That it failed is in the outcome.
    shown.catch(() => {});
    this.#running.set(urn, { resource, report, saying: "", unreached: false, end, shown });
  }

  #finish(urn: string, failed?: Error): void {
    const running = this.#running.get(urn);
    if (!running) return;
    this.#running.delete(urn);
    if (!failed) this.#outcome.done.push(running.resource);
    else if (!running.unreached) this.#outcome.failed.push(running.resource);
    running.end(failed);
  }

  #hear({ urn, message, severity, ephemeral }: NonNullable<EngineEvent["diagnosticEvent"]>): void {
    if (severity === "error" && !ephemeral && message.trim() !== engineEnd) this.#outcome.errors.push(message.trim());
    const running = urn === undefined ? undefined : this.#running.get(urn);
    if (running && severity === "error" && unreached.test(message)) running.unreached = true;
    if (running && ephemeral && message.trim() !== "") running.saying = message.trim();
    this.#tick();
  }

  #tick(): void {
    const left = Math.round((this.#deadline - Date.now()) / 1000);
    const clock = left >= 0 ? `${left} s of the RTO left` : `${-left} s over the RTO`;
    for (const { report, saying } of this.#running.values()) report(saying ? `${saying}; ${clock}` : clock);
    if (left >= 0 || this.#late || this.#running.size === 0) return;
    this.#late = true;
    this.#onLate([...this.#running.values()].map(({ resource }) => resource));
  }
}
