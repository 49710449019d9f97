import { describe, expect, it } from "vitest";
import { ask, deployment, mended, unknown } from "../test/unit/policies/ask.ts";
import { imageByDigest } from "./imageByDigest.ts";

const digest = `sha256:${"b".repeat(64)}`;
const job = (type: string, wrap: (spec: object) => object) => ({
  type,
  inputs: wrap({ initContainers: [{ name: "first", image: "registry.example/first:1" }], containers: [] }),
});

describe("image-by-digest", () => {
  it("passes what is pinned by digest, with a tag or without", async () => {
    for (const image of [`shop@${digest}`, `registry.example:5000/shop:1.2@${digest}`])
      expect(await ask(imageByDigest, deployment({ container: { image } }))).toEqual({ violations: [] });
  });

  it.each([
    ["registry.example:5000/shop:1.2", "registry.example:5000/shop@sha256:<digest>"],
    ["registry.example:5000/shop", "registry.example:5000/shop@sha256:<digest>"],
    ["shop", "shop@sha256:<digest>"],
    ["shop@sha256:abc", "shop@sha256:<digest>"],
  ])("refuses %s", async (image, wanted) => {
    const tagged = deployment({ container: { image } });
    const { violations } = await ask(imageByDigest, tagged);
    expect(violations).toEqual([
      `spec.template.spec.containers[0].image: is "${image}"; expected a name and a digest\n    mend it with: in the program, spec.template.spec.containers[0].image = "${wanted}"`,
    ]);
    expect(await ask(imageByDigest, mended(tagged, violations))).toEqual({ violations: [] });
  });

  it.each([
    ["Pod of its own", job("kubernetes:core/v1:Pod", (spec) => ({ spec })), "spec"],
    ["StatefulSet", job("kubernetes:apps/v1:StatefulSet", (spec) => ({ spec: { template: { spec } } })), "spec.template.spec"],
    ["Job", job("kubernetes:batch/v1:Job", (spec) => ({ spec: { template: { spec } } })), "spec.template.spec"],
    [
      "CronJob",
      job("kubernetes:batch/v1:CronJob", (spec) => ({ spec: { jobTemplate: { spec: { template: { spec } } } } })),
      "spec.jobTemplate.spec.template.spec",
    ],
  ])("refuses what starts first in a %s", async (_, resource, path) => {
    const { violations } = await ask(imageByDigest, resource);
    expect(violations).toHaveLength(1);
    expect(violations[0]).toContain(`${path}.initContainers[0].image: is "registry.example/first:1"`);
  });

  it("says that an image is not known, and still what is wrong with the others", async () => {
    const containers = [
      { name: "built", image: unknown },
      { name: "sidecar", image: "sidecar:2" },
    ];
    const { violations, unknown: said } = await ask(imageByDigest, deployment({ pod: { containers } }));
    expect(violations).toHaveLength(1);
    expect(violations[0]).toContain("containers[1].image");
    expect(said).toBe("string value at .spec.template.spec.containers.0.image can't be known during preview");
  });

  it("says nothing of what makes no pods", async () => {
    expect(await ask(imageByDigest, { type: "kubernetes:core/v1:ConfigMap", inputs: { data: {} } })).toEqual({ violations: [] });
  });
});
