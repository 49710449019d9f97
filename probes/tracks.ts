import type { Probe } from "../components/plan/plan.ts";
import { callOf, counted } from "./call.ts";
import { type Finding, notReal, type ProbeContext } from "./context.ts";
import { origin } from "./request.ts";

/** Which tracks answer a request, over so many of them. */
export async function lookAtTracks(probe: Probe & { type: "tracks" }, { send, timeoutMs }: ProbeContext): Promise<Finding> {
  const expected = `answers from ${probe.tracks.join(" and ")}`;
  if (send === null) return notReal(expected);
  const outcomes: string[] = [];
  for (let sent = 0; sent < probe.of; sent++) {
    const answer = await send(callOf(probe, timeoutMs));
    outcomes.push(answer.status === 200 ? (origin(answer).track ?? "an unnamed track") : `HTTP ${answer.status}`);
  }
  const found = new Set(outcomes);
  return {
    expected,
    found: counted(outcomes),
    passed: found.size === probe.tracks.length && probe.tracks.every((track) => found.has(track)),
  };
}
