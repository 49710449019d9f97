import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ToolError } from "../../tools/errors.ts";
import { projectRoot } from "../../tools/paths.ts";
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
export async function referenceCommand(argv: string[]): Promise<number> {
  if (argv.length > 0) throw new ToolError(`npm run reference takes no arguments, not "${argv[0]}"`, 2);
  const pages = await referencePages(publicComponents());
  rmSync(referenceFolder, { recursive: true, force: true });
  mkdirSync(referenceFolder);
  for (const [name, page] of Object.entries(pages)) {
    writeFileSync(join(referenceFolder, name), page);
    console.log(`docs/reference/${name}`);
  }
  return 0;
}
