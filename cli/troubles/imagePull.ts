import { podsOf, type Trouble } from "./trouble.ts";

const reasons = ["ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "RegistryUnavailable"];

export const imagePull: Trouble = {
  name: "images that cannot be pulled",
  look(seen) {
    const waiting = podsOf(seen).flatMap(({ status }) =>
      [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].flatMap(({ image, state }) =>
        reasons.includes(state?.waiting?.reason ?? "") ? [{ image, why: state?.waiting?.message ?? state?.waiting?.reason ?? "" }] : [],
      ),
    );
    const images = [...new Set(waiting.map(({ image }) => image))];
    return images.map((image) => {
      const those = waiting.filter((one) => one.image === image);
      const why = those.map((one) => one.why).sort((a, b) => b.length - a.length)[0];
      return { what: `${those.length} of the pods cannot pull ${image}: ${why}`, mend: "rollback last-good, or push the image and wait" };
    });
  },
};
