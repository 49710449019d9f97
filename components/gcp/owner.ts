/**
 * Whose something is that stands beside what other stacks have, of the same system too: `mindmend-staging`.
 *
 * @param stack `staging`, or `organization/project/staging`.
 */
export function ownerOf(system: string, stack: string): string {
  const name = stack.split("/").at(-1) ?? "";
  const owner = name === system || name.startsWith(`${system}-`) ? name : `${system}-${name}`;
  return asName(owner);
}

/** In the characters that every kind of name in Google Cloud may have. */
export const asName = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
