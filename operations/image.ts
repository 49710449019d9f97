import { type BuiltImage, buildNodeImage, type NodeImage } from "../images/build.ts";
import packageJson from "../package.json" with { type: "json" };
import { programs } from "./programs.ts";

/** What a stack runs beside its system: the same programs as `operations/Dockerfile` puts into a person's own image. */
export const operationsImage: NodeImage = {
  name: "rollback-operations",
  programs,
  command: "verify",
  releases: [{ version: packageJson.version }],
};

/** The operations image, made without a container tool and without a registry (see {@link buildNodeImage}). */
export async function buildOperationsImage(outDir: string): Promise<BuiltImage> {
  const [image] = (await buildNodeImage(operationsImage, outDir)) as [BuiltImage];
  return image;
}
