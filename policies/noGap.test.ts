import { describe, expect, it } from "vitest";
import { ask, deployment, mended, unknown } from "../test/unit/policies/ask.ts";
import { noGap } from "./noGap.ts";

const pod = "spec.template.spec";
const container = `${pod}.containers[0]`;
const first = (violations: string[]) => violations.map((each) => each.split("\n")[0]);

describe("no-gap", () => {
  it("passes a Deployment that changes without a gap, and one that serves nothing", async () => {
    const worker = {
      container: { ports: undefined, readinessProbe: undefined, lifecycle: undefined },
      spec: { strategy: { type: "Recreate" } },
    };
    const byDefault = { spec: { strategy: { rollingUpdate: { maxUnavailable: "0%" } } } };
    const slept = { container: { lifecycle: { preStop: { exec: { command: ["sh", "-c", "sleep 10"] } } } } };
    for (const there of [{}, worker, byDefault, slept]) expect(await ask(noGap, deployment(there))).toEqual({ violations: [] });
  });

  it("says nothing of what is no Deployment", async () => {
    const job = { type: "kubernetes:batch/v1:Job", inputs: { spec: { template: { spec: { containers: [{ ports: [{}] }] } } } } };
    expect(await ask(noGap, job)).toEqual({ violations: [] });
  });

  it("names everything that a bare Deployment lacks, and passes once it is written as the messages say", async () => {
    const bare = deployment({
      container: { readinessProbe: undefined, livenessProbe: undefined, lifecycle: undefined },
      pod: { terminationGracePeriodSeconds: 0 },
      spec: { strategy: undefined },
    });
    const { violations } = await ask(noGap, bare);
    const probe = `{"tcpSocket":{"port":8080},"periodSeconds":10}`;
    expect(violations).toEqual([
      "spec.strategy.rollingUpdate.maxUnavailable: is not set; expected 0\n    mend it with: in the program, spec.strategy.rollingUpdate.maxUnavailable = 0",
      `${container}.readinessProbe: is not set; expected a probe\n    mend it with: in the program, ${container}.readinessProbe = ${probe}`,
      `${container}.livenessProbe: is not set; expected a probe\n    mend it with: in the program, ${container}.livenessProbe = ${probe}`,
      `${container}.lifecycle.preStop: is not set; expected a pause until no client chooses the pod any more\n    mend it with: in the program, ${container}.lifecycle.preStop = {"sleep":{"seconds":5}}`,
      `${pod}.terminationGracePeriodSeconds: is 0; expected the pause of preStop and at least 5 seconds more, for the last requests\n    mend it with: in the program, ${pod}.terminationGracePeriodSeconds = 10`,
    ]);
    expect(await ask(noGap, mended(bare, violations))).toEqual({ violations: [] });
  });

  it.each([
    ["Recreate", { strategy: { type: "Recreate" } }, 'spec.strategy.type: is "Recreate"; expected "RollingUpdate"'],
    [
      "fewer pods while it changes",
      { strategy: { rollingUpdate: { maxUnavailable: "25%" } } },
      'spec.strategy.rollingUpdate.maxUnavailable: is "25%"; expected 0',
    ],
    [
      "no pod beyond the capacity",
      { strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: "0%" } } },
      'spec.strategy.rollingUpdate.maxSurge: is "0%"; expected pods beyond the capacity',
    ],
  ])("refuses %s", async (_, spec, message) => {
    const gap = deployment({ spec });
    const { violations } = await ask(noGap, gap);
    expect(first(violations)).toContain(message);
    expect(await ask(noGap, mended(gap, violations))).toEqual({ violations: [] });
  });

  it.each([
    ["a pause as long as the grace period", { sleep: { seconds: 30 } }, 30, 35],
    ["a pause longer than Kubernetes's own grace period", { sleep: { seconds: 40 } }, undefined, 45],
    ["a pause by command", { exec: { command: ["sleep", "20"] } }, 22, 25],
  ])("refuses %s", async (_, preStop, grace, least) => {
    const cut = deployment({ container: { lifecycle: { preStop } }, pod: { terminationGracePeriodSeconds: grace } });
    const { violations } = await ask(noGap, cut);
    expect(violations).toHaveLength(1);
    expect(violations[0]).toMatch(new RegExp(`terminationGracePeriodSeconds = ${least}$`));
    expect(await ask(noGap, mended(cut, violations))).toEqual({ violations: [] });
  });

  it("says what is not known, and still what is missing", async () => {
    const partly = deployment({ container: { livenessProbe: undefined, lifecycle: { preStop: { sleep: { seconds: unknown } } } } });
    const { violations, unknown: said } = await ask(noGap, partly);
    expect(first(violations)).toEqual([`${container}.livenessProbe: is not set; expected a probe`]);
    expect(said).toContain(".lifecycle.preStop.sleep.seconds can't be known during preview");
  });
});
