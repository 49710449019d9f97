/** What `work` comes to. @throws {Error} where it has not come to anything after so many milliseconds. */
export async function within<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing within ${milliseconds / 1000} s`)), milliseconds);
  });
  return Promise.race([work(), late]).finally(() => clearTimeout(timer));
}

/** What helps: the API server's own words, else the innermost cause: refused, unknown host, forbidden. */
export function reason(error: unknown): string {
  let cause = error as Error & { code?: string; body?: unknown };
  while (cause.cause instanceof Error) cause = cause.cause as typeof cause;
  return (saidByServer(cause.body) ?? (cause.message || cause.code || String(error))).split("\n")[0] ?? "";
}

/** A Status, as an API server answers: parsed or not. */
function saidByServer(body: unknown): string | undefined {
  try {
    const { message } = Object(typeof body === "string" ? JSON.parse(body) : body);
    return typeof message === "string" && message !== "" ? message : undefined;
  } catch {
    return undefined;
  }
}
