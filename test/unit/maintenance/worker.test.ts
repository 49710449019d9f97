import { expect, it } from "vitest";
import { startWorker } from "../../../demo/worker/worker.ts";

it("B3: the demo's worker takes no job once it is told to stop, and is stopped when the one it has is finished", async () => {
  const lines: string[] = [];
  let taken = () => {};
  const second = new Promise<void>((resolve) => {
    taken = resolve;
  });
  const worker = startWorker(0.02, (_, message) => {
    lines.push(message);
    if (message === "Job 2 taken") taken();
  });
  await second;
  await Promise.all([worker.stop(), worker.stop()]);
  expect(lines).toEqual([
    "Job 1 taken",
    "Job 1 finished",
    "Job 2 taken",
    "Stopping: takes no more jobs and finishes the one it has",
    "Job 2 finished",
  ]);
});
