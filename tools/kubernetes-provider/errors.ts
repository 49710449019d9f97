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

/** How Kubernetes' own validation and that of custom kinds word it. */
const REFUSED_CHANGE = /immutable|may not (be )?(updated|chang)|updates to .* (are|is) forbidden|can ?not (be )?(updated|chang)/i;

/** The API server answered, and the answer was no. */
export class ApiError extends Error {
  readonly status: number;
  readonly reason: string;
  readonly causes: StatusCause[];
  readonly details: ServerStatus["details"];

  constructor(status: number, body: ServerStatus, request: string) {
    super(body.message || `${request} was answered with HTTP ${status}`);
    this.status = status;
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
    return this.status === 422 && REFUSED_CHANGE.test(this.message);
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

/** One sentence a person can act on, for anything that a request can end in. */
export function explain(error: unknown, doing: string): Error {
  if (!(error instanceof ApiError)) return error instanceof Error ? error : new Error(String(error));
  if (error.conflict) return new InputError(`${doing}: ${explainConflict(error)}`);
  if (error.status === 401) {
    return new InputError(
      `${doing}: the API server refuses the credentials of the kubeconfig (401 Unauthorized); they may have expired, renew them and run the update again`,
    );
  }
  if (error.status === 403 && error.reason === "Forbidden" && /cannot \w+ resource/.test(error.message)) {
    return new InputError(`${doing}: ${error.message}; give that user a role that allows the verb, or use another context`);
  }
  if (error.status === 413 || /etcdserver: request is too large|limit is 3145728/i.test(error.message)) {
    return new InputError(
      `${doing}: the object is larger than the server takes (1 MiB for a ConfigMap or Secret, about 1.5 MiB for others): ${error.message}`,
    );
  }
  return new Error(`${doing}: ${error.message}`);
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
