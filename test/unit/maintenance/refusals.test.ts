import { describe, expect, it } from "vitest";
import { checkLevers } from "../../../components/levers/check.ts";
import { LeverError, type Problem } from "../../../components/levers/errors.ts";
import { level } from "../flags/plans.ts";
import { inService, shop } from "./plan.ts";

function problemsOf(levers: Record<string, unknown>, plan = shop()): Problem[] {
  try {
    checkLevers(plan, { ...inService, ...levers }, "s");
    return [];
  } catch (error) {
    if (error instanceof LeverError) return [...error.problems];
    throw error;
  }
}

describe("the maintenance lever", () => {
  it("is off unless it is pulled, as a boolean or as the text that `pulumi config set` writes", () => {
    const read = (levers: object) => checkLevers(shop(), { ...inService, ...levers }, "s").maintenance;
    expect([read({}), read({ maintenance: true }), read({ maintenance: "true" }), read({ maintenance: "false" })]).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it("is refused where it is neither true nor false", () => {
    expect(problemsOf({ maintenance: "on" })).toEqual([
      { path: "maintenance", message: 'expected true or false, got "on"', command: "pulumi config set maintenance true" },
    ]);
  });

  it("is refused where the plan has no page, with where to write one", () => {
    const { page, ...rest } = { page: undefined, levels: { provider: level({ path: "aiProvider", value: "openai" }) } };
    expect(problemsOf({ maintenance: true }, shop({ ...rest, maintenance: page }))).toEqual([
      {
        path: "maintenance",
        message: "the plan of shop has no maintenance page; add maintenance: { title, text } to stacks/shop.ts first",
        command: "pulumi config rm maintenance",
      },
    ]);
  });

  it("is refused without the image that serves the page, beside every other problem", () => {
    expect(problemsOf({ maintenance: true, verification: {}, aiProvider: "open" })).toEqual([
      {
        path: "aiProvider",
        message: '"open" is not a provider of this plan; expected openai or gemini',
        command: "pulumi config set aiProvider openai",
      },
      {
        path: "verification.image",
        message: "missing: the page is served by the operations image",
        command: "pulumi config set --path verification.image <name@sha256:digest>",
      },
    ]);
  });
});

describe("a plan that contradicts itself", () => {
  it("has a level that turns maintenance on, and no page", () => {
    expect(() => shop({ maintenance: undefined })).toThrow(
      "levels.code.steps[0].levers[0]: maintenance cannot be pulled, since the plan has no maintenance page",
    );
  });

  it("has a level in maintenance that promises to be over before its workers have finished", () => {
    const workers = { jobs: { deployment: "shop-worker", command: ["celery"], replicas: 1, drainSeconds: 301 } };
    expect(() => shop({ workers })).toThrow("levels.code.rtoSeconds: 300 s is shorter than the 301 s that workers.jobs may take to finish");
  });

  it("has two Deployments of one name", () => {
    const worker = { command: ["celery"], replicas: 1, drainSeconds: 10 };
    expect(() => shop({ workers: { jobs: { ...worker, deployment: "shop" }, beat: { ...worker, deployment: "shop" } } })).toThrow(
      "workers.jobs.deployment: shop is the name of service.tracks.stable.deployment too\n" +
        "  workers.beat.deployment: shop is the name of service.tracks.stable.deployment too",
    );
  });
});
