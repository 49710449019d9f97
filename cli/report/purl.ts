/** `registry.example/team/app@sha256:…` as `pkg:oci/app@sha256%3A…?repository_url=registry.example/team/app`: https://github.com/package-url/purl-spec, type `oci`. */
export function purl(image: unknown): string | undefined {
  const [, repository, tag, digest] = /^([^@]+?)(?::([\w.-]+))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(String(image ?? "")) ?? [];
  if (repository === undefined) return undefined;
  const name = repository.split("/").at(-1)?.toLowerCase();
  const version = digest ? `@${encodeURIComponent(digest)}` : "";
  const qualifiers = [`repository_url=${repository}`, ...(tag ? [`tag=${tag}`] : [])];
  return `pkg:oci/${name}${version}?${qualifiers.join("&")}`;
}
