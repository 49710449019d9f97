/** Why a call to a provider failed, as operators tell the cases apart. */
export const errorKinds = ["quota", "auth", "safety", "timeout", "unreachable", "rejected", "upstream", "invalid", "shutdown"] as const;
export type ErrorKind = (typeof errorKinds)[number];

/** The HTTP status with which the service passes each kind on. */
export const statusOf: Record<ErrorKind, number> = {
  quota: 503,
  auth: 502,
  safety: 502,
  timeout: 504,
  unreachable: 502,
  rejected: 502,
  upstream: 502,
  invalid: 502,
  shutdown: 503,
};

/** Kinds for which the same call may succeed a moment later. */
const transient: ReadonlySet<ErrorKind> = new Set(["quota", "timeout", "unreachable", "upstream", "invalid"]);

export class ProviderError extends Error {
  readonly kind: ErrorKind;
  constructor(kind: ErrorKind, message: string) {
    super(message);
    this.name = "ProviderError";
    this.kind = kind;
  }
  get transient(): boolean {
    return transient.has(this.kind);
  }
}

/** The error for an HTTP answer that is not a success. `message` is the provider's own. */
export function errorOfStatus(status: number, message: string): ProviderError {
  if (status === 429) return new ProviderError("quota", message);
  if (status === 401 || status === 403) return new ProviderError("auth", message);
  if (status === 408 || status === 504) return new ProviderError("timeout", message);
  return new ProviderError(status >= 500 ? "upstream" : "rejected", message);
}
