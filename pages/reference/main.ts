import { join } from "node:path";
import { projectRoot } from "../../tools/paths.ts";
import { writeFolder } from "../writeFolder.ts";
import { type Component, publicComponents } from "./api.ts";
import { createdBy } from "./creates.ts";
import { componentPage, exampleOf, indexPage } from "./page.ts";

export const referenceFolder = join(projectRoot, "docs", "reference");

/** The reference's pages, by file name. */
export async function referencePages(components: readonly Component[]): Promise<Record<string, string>> {
  const pages: Record<string, string> = { "README.md": indexPage(components) };
  // One after the other: Pulumi's mocks serve one program at a time.
  for (const component of components) pages[`${component.name}.md`] = componentPage(component, await createdBy(exampleOf(component)));
  return pages;
}

/** `npm run reference`: writes docs/reference/ from the components and their examples. */
export const referenceCommand = (argv: string[]): Promise<number> =>
  writeFolder("reference", referenceFolder, () => referencePages(publicComponents()), argv);
