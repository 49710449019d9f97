import { STATUS_CODES } from "node:http";
import type { Props } from "./values.ts";

/** What the API server says of a failed request. */
export interface ServerStatus {
  message?: string;
  reason?: string;
  code?: number;
  details?: { name?: string; kind?: string; group?: string; retryAfterSeconds?: number; causes?: StatusCause[] };
}

export interface StatusCause {
  reason?: string;
  message?: string;
  field?: string;
}

interface SentRequest {
  method: string;
  path: string;
  body?: string;
}

/** How Kubernetes' own validation and that of custom kinds word it. */
const REFUSED_CHANGE = /immutable|may not (be )?(updated|chang)|updates to .* (are|is) forbidden|can ?not (be )?(updated|chang)/i;

/** What policies and webhooks refuse is refused to a replacement as well, whatever words they find for it. */
const DENIED = /^admission webhook |ValidatingAdmissionPolicy |denied (the )?request/;

/** The API server answered, and the answer was no. */
export class ApiError extends Error {
  readonly status: number;
  /** `METHOD /path`. */
  readonly request: string;
  readonly sentBytes: number;
  /** How often it was sent in all. */
  readonly attempts: number;
  readonly reason: string;
  readonly causes: StatusCause[];
  readonly details: ServerStatus["details"];

  constructor(status: number, body: ServerStatus, { method, path, body: sent = "" }: SentRequest, attempts = 1) {
    super(body.message || `HTTP ${status}`);
    this.status = status;
    this.request = `${method} ${path}`;
    this.sentBytes = Buffer.byteLength(sent);
    this.attempts = attempts;
    this.reason = body.reason ?? "";
    this.causes = body.details?.causes ?? [];
    this.details = body.details;
  }

  get notFound(): boolean {
    return this.status === 404;
  }

  get namespaceMissing(): boolean {
    return this.status === 404 && this.details?.kind === "namespaces";
  }

  get conflict(): boolean {
    return this.status === 409 && this.causes.some((cause) => cause.reason === "FieldManagerConflict");
  }

  /** The change is refused because fields cannot change on an existing object: only a replacement can carry it out. */
  get immutable(): boolean {
    return this.status === 422 && REFUSED_CHANGE.test(this.message) && !DENIED.test(this.message);
  }

  get tooLarge(): boolean {
    return this.status === 413 || /request is too large|Request entity too large|may not be more than 1048576 bytes/i.test(this.message);
  }

  /** The kubeconfig's user may not do this; the message names user, verb, resource and namespace. */
  get forbidden(): boolean {
    return this.status === 403 && /cannot \w+ resource/.test(this.message);
  }
}

/** No answer at all: nothing listens there, or it is not a Kubernetes API server. */
export class Unreachable extends Error {}

/** A problem that only the author of the program or configuration can mend; the message says how. */
export class InputError extends Error {}

/** The server has no such kind. */
export class UnknownKind extends Error {}

/** The operation was cancelled by the engine (Ctrl-C). */
export class Cancelled extends Error {
  constructor(doing: string) {
    super(`cancelled while ${doing}`);
  }
}

/** The server took the change but the object did not become ready; state keeps it, and the next update goes on from there. */
export class NotReady extends Error {
  readonly id: string;
  readonly properties: Props;
  readonly inputs: Props;
  readonly reasons: string[];

  constructor(message: string, reasons: string[], id: string, properties: Props, inputs: Props) {
    super(message);
    this.reasons = reasons;
    this.id = id;
    this.properties = properties;
    this.inputs = inputs;
  }
}

/** One sentence a person can act on, for anything that a request can end in; the server's refusal is its `cause`. */
export function explain(error: unknown, doing: string): Error {
  if (!(error instanceof ApiError)) return error instanceof Error ? error : new Error(String(error));
  const told = explainRefusal(error, doing);
  told.cause = error;
  return told;
}

function explainRefusal(error: ApiError, doing: string): Error {
  if (error.conflict) return new InputError(`${doing}: ${explainConflict(error)}`);
  if (error.status === 401) {
    return new InputError(
      `${doing}: the API server refuses the credentials of the kubeconfig (401 Unauthorized); they may have expired, renew them and run the update again`,
    );
  }
  if (error.forbidden) {
    return new InputError(`${doing}: ${error.message}; give that user a role that allows the verb, or use another context`);
  }
  if (error.tooLarge) {
    return new InputError(
      `${doing}: it has ${error.sentBytes} bytes, more than the server takes (1 MiB of data in a ConfigMap or Secret, about 1.5 MiB for any other object): ${error.message}`,
    );
  }
  if (error.status === 429 || error.status >= 500) {
    const answer = `${error.status} ${STATUS_CODES[error.status] ?? ""}`.trim();
    return new Error(`${doing}: the API server answered ${error.request} with ${answer} ${timesOf(error)}: ${error.message}`);
  }
  return new Error(`${doing}: ${error.message}`);
}

function timesOf({ attempts }: ApiError): string {
  return attempts === 1 ? "once" : `${attempts} times`;
}

function explainConflict(error: ApiError): string {
  const fields = new Map<string, string[]>();
  for (const cause of error.causes) {
    const manager = cause.message?.match(/conflict with "([^"]+)"/)?.[1] ?? "another manager";
    fields.set(manager, [...(fields.get(manager) ?? []), (cause.field ?? "").replace(/^\./, "")]);
  }
  const owners = [...fields].map(([manager, names]) => `field manager "${manager}" owns ${names.join(", ")}`).join("; ");
  return (
    `${owners}. Leave those fields out of the program or list them in ignoreChanges if that manager shall keep them, ` +
    'or take them with the annotation pulumi.com/patchForce: "true"'
  );
}
