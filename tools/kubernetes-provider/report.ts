import { redact } from "./redact.ts";

export type Severity = "debug" | "info" | "warning" | "error";

/** What a person sees while the provider works. */
export interface Reporter {
  /** A line that replaces the last one beside the resource while it is worked on. */
  status(urn: string, message: string): void;
  /** A message that stays. */
  log(urn: string, severity: Severity, message: string): void;
}

/** Reports to the engine's log service; a lost message never fails an operation. */
export function engineReporter(address: string): Reporter {
  const last = new Map<string, string>();
  const client = import("./engine.ts").then(({ connectEngine }) => connectEngine(address));
  client.catch(() => {});
  const send = (urn: string, severity: Severity, message: string, ephemeral: boolean): void => {
    const text = redact(message).toWellFormed();
    client.then((engine) => engine.log(urn, severity, text, ephemeral)).catch(() => {});
  };
  return {
    status(urn, message) {
      if (last.get(urn) === message) return;
      last.set(urn, message);
      send(urn, "info", message, true);
    },
    log: (urn, severity, message) => send(urn, severity, message, false),
  };
}

export const silent: Reporter = { status: () => {}, log: () => {} };
