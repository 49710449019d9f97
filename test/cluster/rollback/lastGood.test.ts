/** On an API server whose pods only pretend: what is looked at is what the engine and the API server were told. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newSimulatedCluster, type SimulatedCluster } from "../kubernetesProvider/simulatedCluster.ts";
import { allowVerification, denyVerification, learnDenial } from "./denial.ts";
import { image, SimulatedSystem } from "./simulatedSystem.ts";

const bad = {
  image: [`stable.image=${image("f")}`],
  weight: [`canary.image=${image("e")}`, "canary.weight=50"],
  timeout: ["settings.aiTimeoutMs=101"],
};

/** A bad setting, flag, provider, weight and image in a row, of which each system has those that its plan knows; nothing after the sign takes a lever away. */
const changes: Record<string, string[][]> = {
  chat: [["settings.retryMaxAttempts=9"], ["flags.retryLogic.percentage=7"], bad.weight, bad.image],
  easymo: [["settings.inputTokenPrice=99"], ["flags.voice=false"], bad.weight, bad.image],
  mindmend: [bad.timeout, ["stable.aiProvider="], bad.weight, bad.image],
  wabot: [["settings.maxProducts=1"], ["flags.harmonization=false"], bad.weight, bad.image],
  watibot: [bad.timeout, ["aiProvider=openai"], bad.weight, bad.image],
};

let cluster: SimulatedCluster;
beforeAll(async () => {
  cluster = await newSimulatedCluster();
  await learnDenial(cluster);
});
afterAll(() => cluster?.close());

// Side by side, each in a namespace of its own: much of it is waiting.
describe.concurrent("last-good brings back the last verified release, part by part, after a bad setting, flag, provider, weight and image in a row", {
  timeout: 10 * 60_000,
}, () => {
  it.each(Object.entries(changes))("of %s", async (name, inARow) => {
    const system = await SimulatedSystem.make(name, cluster);
    try {
      const [good, before, running] = [await system.record(), system.levers(), await system.running()];
      await denyVerification(cluster, name);
      for (const change of inARow) {
        for (const lever of change) await system.set(lever);
        const { exitCode, all } = await system.pulumi("up", "--yes", "--skip-preview");
        expect({ exitCode, all }).toMatchObject({ all: expect.stringContaining("no release is verified now") });
        expect(exitCode).not.toBe(0);
      }
      expect(await system.running()).not.toEqual(running);
      await allowVerification(cluster, name);

      const { exitCode, stderr } = await system.rollback("last-good", "--yes", "--by", "ada");
      // Nobody answers in a pod that only pretends.
      expect({ exitCode, stderr }).toMatchObject({
        exitCode: 6,
        stderr: expect.stringMatching(/^rollback last-good: carried out in .* not hold\.$/m),
      });
      expect(await system.record()).toEqual(good);
      expect(system.levers()).toEqual(before);
      expect(await system.running()).toEqual(running);
    } finally {
      system.remove();
    }
  });
});
