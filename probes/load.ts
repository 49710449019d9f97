import { callOf, counted, type RequestProbe } from "./call.ts";
import { type Finding, notReal, type ProbeContext } from "./context.ts";
import { now, reason } from "./request.ts";

type LoadProbe = Extract<RequestProbe, { requests: number }>;

interface Sent {
  /** Why it failed: no answer, or one outside 2xx. */
  failure: string | undefined;
  /** Infinite where there was no answer. */
  seconds: number;
}

const percent = (ratio: number): string => `${Math.round(ratio * 1000) / 10} %`;
const reasons = (sent: readonly Sent[]): string => counted(sent.flatMap(({ failure }) => failure ?? []));

export async function lookAtErrorRate(probe: LoadProbe & { type: "errorRate" }, context: ProbeContext): Promise<Finding> {
  const expected = `fewer than ${percent(probe.below)} of ${probe.requests} requests fail`;
  const failed = (sent: readonly Sent[]): Sent[] => sent.filter(({ failure }) => failure !== undefined);
  const tooMany = (sent: readonly Sent[]): boolean => failed(sent).length / probe.requests >= probe.below;
  const sent = await sendAll(probe, context, tooMany);
  if (sent === undefined) return notReal(expected);
  const failures = failed(sent);
  const found = failures.length === 0 ? "none failed" : `${failures.length} of ${sent.length} failed: ${reasons(failures)}`;
  return { expected, found, passed: !tooMany(sent) && sent.length === probe.requests };
}

export async function lookAtLatency(probe: LoadProbe & { type: "latency" }, context: ProbeContext): Promise<Finding> {
  const name = `p${Number((probe.quantile * 100).toPrecision(4))}`;
  const expected = `${name} of ${probe.requests} requests below ${probe.belowSeconds} s`;
  const rank = Math.ceil(probe.quantile * probe.requests);
  const slow = (sent: readonly Sent[]): Sent[] => sent.filter(({ seconds }) => seconds >= probe.belowSeconds);
  const tooMany = (sent: readonly Sent[]): boolean => slow(sent).length > probe.requests - rank;
  const sent = await sendAll(probe, context, tooMany);
  if (sent === undefined) return notReal(expected);
  const failed = reasons(sent) === "" ? "" : ` (${reasons(sent)})`;
  if (tooMany(sent)) {
    return { expected, found: `${slow(sent).length} of ${sent.length} took ${probe.belowSeconds} s or longer${failed}`, passed: false };
  }
  const seconds = sent.map((one) => one.seconds).sort((a, b) => a - b)[rank - 1] ?? 0;
  return { expected, found: `${name} ${Number(seconds.toPrecision(2))} s${failed}`, passed: sent.length === probe.requests };
}

/** Sends no more once they are `decided`: a service that says nothing is then not waited for again and again. Undefined where there is no traffic. */
async function sendAll(
  probe: LoadProbe,
  { send, timeoutMs, signal }: ProbeContext,
  decided: (sent: readonly Sent[]) => boolean,
): Promise<Sent[] | undefined> {
  if (send === null) return undefined;
  const call = callOf(probe, timeoutMs);
  const sent: Sent[] = [];
  let begun = 0;
  const sendInTurn = async (): Promise<void> => {
    while (begun < probe.requests && !decided(sent) && !signal.aborted) {
      begun++;
      const startedAt = now();
      await send(call).then(
        ({ status }) =>
          sent.push({ failure: status >= 200 && status <= 299 ? undefined : `HTTP ${status}`, seconds: (now() - startedAt) / 1000 }),
        (error) => sent.push({ failure: reason(error), seconds: Number.POSITIVE_INFINITY }),
      );
    }
  };
  await Promise.all(Array.from({ length: Math.min(probe.atOnce ?? 10, probe.requests) }, sendInTurn));
  return sent;
}
