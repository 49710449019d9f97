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
const inSeconds = (value: number): string => (Number.isFinite(value) ? `${Number(value.toPrecision(2))} s` : "no answer");

export async function lookAtErrorRate(probe: LoadProbe & { type: "errorRate" }, context: ProbeContext): Promise<Finding> {
  const expected = `fewer than ${percent(probe.below)} of ${probe.requests} requests fail`;
  const sent = await sendAll(probe, context);
  if (sent === undefined) return notReal(expected);
  const failures = sent.flatMap(({ failure }) => failure ?? []);
  const rate = failures.length / sent.length;
  const found = failures.length === 0 ? "none failed" : `${percent(rate)} failed: ${counted(failures)}`;
  return { expected, found, passed: rate < probe.below };
}

export async function lookAtLatency(probe: LoadProbe & { type: "latency" }, context: ProbeContext): Promise<Finding> {
  const name = `p${Number((probe.quantile * 100).toPrecision(4))}`;
  const expected = `${name} of ${probe.requests} requests below ${probe.belowSeconds} s`;
  const sent = await sendAll(probe, context);
  if (sent === undefined) return notReal(expected);
  const seconds = sent.map((one) => one.seconds).sort((a, b) => a - b);
  const value = seconds[Math.ceil(probe.quantile * seconds.length) - 1] ?? Number.POSITIVE_INFINITY;
  const failures = sent.flatMap(({ failure }) => failure ?? []);
  const failed = failures.length === 0 ? "" : ` (${counted(failures)})`;
  return { expected, found: `${name} ${inSeconds(value)}${failed}`, passed: value < probe.belowSeconds };
}

/** Undefined where there is no traffic. */
async function sendAll(probe: LoadProbe, { send, timeoutMs, signal }: ProbeContext): Promise<Sent[] | undefined> {
  if (send === null) return undefined;
  const call = callOf(probe, timeoutMs);
  const sent: Sent[] = [];
  let begun = 0;
  const sendInTurn = async (): Promise<void> => {
    while (begun < probe.requests && !signal.aborted) {
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
