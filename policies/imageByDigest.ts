import type { ResourceValidationPolicy } from "@pulumi/policy";
import { type Finding, rule } from "./exemptions.ts";
import { type Container, podOf } from "./pods.ts";

export const imageByDigest: ResourceValidationPolicy = {
  name: "image-by-digest",
  description: "Every container's image is pinned by digest. M4, B4: a rollback restores exactly what ran, which a tag does not name.",
  severity: "high",
  remediationSteps: "Name the image as <name>@sha256:<digest>.",
  validateResource: rule("image-by-digest", (args) => {
    const pod = podOf(args);
    return (["initContainers", "containers"] as const).flatMap((list) =>
      ((pod?.spec[list] ?? []) as Container[]).flatMap(({ name, image }, index): Finding[] => {
        if (/@sha256:[0-9a-f]{64}$/.test(image)) return [];
        const path = `${pod?.path}.${list}[${index}].image`;
        const message = `container ${name} runs ${image}, which is not pinned by digest`;
        return [{ path, message, mend: `in the program, ${path} = ${image.replace(/:[^/:]*$/, "")}@sha256:<digest>` }];
      }),
    );
  }),
};
