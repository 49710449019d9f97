import { containersOf, podsOf } from "./pods.ts";
import { resourceRule, set } from "./resourceRule.ts";

export const imageByDigest = resourceRule({
  name: "image-by-digest",
  description: "Every container's image is pinned by digest.",
  why: "M4, B4: a rollback restores exactly what ran, which a tag does not name",
  severity: "high",
  *expectations(resource) {
    for (const container of podsOf(resource).flatMap(containersOf)) {
      const image = container.at("image");
      yield {
        field: image,
        holds: (value) => /@sha256:[0-9a-f]{64}$/.test(value),
        expected: "a name and a digest",
        mend: (value) => set(image, `${withoutTag(value)}@sha256:<digest>`),
      };
    }
  },
});

const withoutTag = (image = "<name>"): string => image.replace(/@.*$/, "").replace(/:[^/:]*$/, "");
