import { z } from "zod";
import { image } from "./scalars.ts";

/** The image of `operations/Dockerfile`, which runs the plan's probes in the cluster; without it an update is not verified. */
export const verification = z.strictObject({ image: image() }, { error: "expected { image }" });
