import pc from "picocolors";
import { describe, expect, it } from "vitest";
import { type Counters, countersOf, since } from "../../../cli/monitor/counters.ts";
import type { PodSeen, Sight } from "../../../cli/monitor/look.ts";
import { seriesOf } from "../../../cli/monitor/prometheus.ts";
import { frame, line } from "../../../cli/monitor/show.ts";
import { viewOf } from "../../../cli/monitor/view.ts";
import mindmend from "../../../stacks/mindmend.ts";

const page = `# HELP http_requests_total Requests answered.
http_requests_total{route="/api/therapy-session",status="200",track="canary",provider="gemini"} 90
http_requests_total{route="/api/therapy-session",status="500",track="canary",provider="gemini"} 10
http_requests_total{route="/health",status="200"} 400
http_requests_total{route="/metrics",status="200"} 40
http_requests_total_other 7
gen_ai_client_operation_duration_seconds_count{provider="gemini",error_type="quota"} 10
gen_ai_client_operation_duration_seconds_count{provider="gemini"} 80
process_uptime NaN
`;

it("a page of metrics is read as Prometheus reads it", () => {
  const text = 'a{path="C:\\\\x",said="\\"hi\\"\\n,}"} 1.5e3 1763700000\nb 2\nb NaN\n';
  expect(seriesOf(text, ["a", "b"])).toEqual([
    { name: "a", labels: { path: "C:\\x", said: '"hi"\n,}' }, value: 1500 },
    { name: "b", labels: {}, value: 2 },
  ]);
});

it("requests that only look after a pod do not count", () =>
  expect(countersOf(page, mindmend)).toEqual({ requests: 100, failed: 10, calls: { gemini: 90 } }));

it("a pod that began anew has counted from nothing", () =>
  expect(since({ requests: 100, failed: 10, calls: { gemini: 90 } }, { requests: 4, failed: 1, calls: { gemini: 2, openai: 1 } })).toEqual({
    requests: 4,
    failed: 1,
    calls: { gemini: 2, openai: 1 },
  }));

const pod = (name: string, track: string, counters: Counters | undefined, more: Partial<PodSeen> = {}): PodSeen => ({
  name,
  track,
  provider: track === "canary" ? "gemini" : "openai",
  state: "Running",
  ready: true,
  restarts: 0,
  startedAt: Date.parse("2026-11-21T02:00:00Z"),
  counters,
  ...more,
});
const counted = (requests: number, failed: number, provider: string): Counters => ({ requests, failed, calls: { [provider]: requests } });
const sight = (second: string, pods: PodSeen[], more: Partial<Sight> = {}): Sight => ({
  at: Date.parse(`2026-11-21T02:50:${second}Z`),
  health: "200",
  pods,
  errors: [],
  warnings: [],
  ...more,
});

const before = sight("00", [
  pod("backend-canary-a", "canary", counted(100, 10, "gemini")),
  pod("backend-b", "stable", counted(1000, 0, "openai")),
  pod("backend-c", "stable", counted(1000, 0, "openai")),
]);
const after = sight(
  "10",
  [
    pod("backend-canary-a", "canary", counted(120, 15, "gemini")),
    pod("backend-b", "stable", counted(1040, 0, "openai")),
    pod("backend-c", "stable", undefined, { state: "ImagePullBackOff", ready: false, restarts: 2 }),
  ],
  {
    errors: ["backend-canary-a: Error: quota exceeded for project, which is a rather long line that no narrow terminal has room for"],
    warnings: ["BackOff: pod/backend-c: Back-off pulling image"],
  },
);
const look = (columns: number) => ({ colors: pc.createColors(false), columns });

describe("M8: a look at what runs", () => {
  it("has nothing to compare the first counts with", () => {
    const { tracks, shares } = viewOf(undefined, before);
    expect({ tracks, shares }).toEqual({
      tracks: [
        { track: "canary", ready: 1, pods: 1, rate: undefined, failed: undefined },
        { track: "stable", ready: 2, pods: 2, rate: undefined, failed: undefined },
      ],
      shares: {},
    });
  });

  it("has the rates since the look before, and the providers' shares", () => {
    const { tracks, shares } = viewOf(before, after);
    expect(tracks).toEqual([
      { track: "canary", ready: 1, pods: 1, rate: 2, failed: 0.25 },
      { track: "stable", ready: 1, pods: 2, rate: 4, failed: 0 },
    ]);
    expect(shares).toEqual({ gemini: 20 / 60, openai: 40 / 60 });
  });

  it("is a line in a log", () =>
    expect(line(viewOf(before, after))).toBe(
      "2026-11-21 02:50:10 UTC  health 200  canary 1/1 2.0/s 25.0 % failed  stable 1/2 4.0/s 0.0 % failed  gemini 33.3 %, openai 66.7 %  1 error  1 warning",
    ));

  it("is a screen on a terminal", () => expect(frame("mindmend", viewOf(before, after), look(80)).join("\n")).toMatchSnapshot());

  it("fits a narrow terminal", () => {
    const lines = frame("mindmend", viewOf(before, after), look(40));
    expect(lines.filter((each) => each.length > 40)).toEqual([]);
    expect(lines.join("\n")).toMatchSnapshot();
  });
});
