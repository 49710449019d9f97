/** `npm run package`: the components and the policies as an npm package, for Pulumi programs and policy packs of other projects. */

import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { execa } from "execa";
import { ToolError } from "../errors.ts";
import { projectRoot } from "../paths.ts";

/** The package's own dependencies; Pulumi's SDKs are the program's, since a program must have just one of each. */
const own = ["fastest-levenshtein", "zod"];
const peers = ["@pulumi/kubernetes", "@pulumi/pulumi"];
/** Of these only where a stack asks for what they do. */
const optionalPeers = ["@pulumi/gcp", "@pulumi/policy"];
/** What is imported from the package, and the module that it is. */
const entries = { ".": "components/index", "./policies": "policies/policies" };

const formats = {
  esm: { type: "module", flags: [] },
  cjs: { type: "commonjs", flags: ["--module", "commonjs", "--moduleResolution", "bundler", "--verbatimModuleSyntax", "false"] },
} as const;

/** Returns the exit code. */
export async function packageCommand(argv: string[]): Promise<number> {
  if (argv.length > 0) throw new ToolError(`npm run package takes no arguments, not "${argv[0]}"`, 2);
  console.log(relative(process.cwd(), await makePackage(join(projectRoot, "dist"))));
  return 0;
}

/** Builds the package in `folder`, which is emptied first, and packs it; the tarball's path. */
export async function makePackage(folder: string): Promise<string> {
  rmSync(folder, { recursive: true, force: true });
  const contents = join(folder, "package");
  await Promise.all(Object.keys(formats).map((format) => compile(format as keyof typeof formats, contents)));
  writeFileSync(join(contents, "package.json"), `${JSON.stringify(manifest(), null, 2)}\n`);
  // TypeScript's older resolution (`node10`) reads no `exports`.
  const policies = { main: `../cjs/${entries["./policies"]}.js`, types: `../cjs/${entries["./policies"]}.d.ts` };
  mkdirSync(join(contents, "policies"));
  writeFileSync(join(contents, "policies", "package.json"), `${JSON.stringify(policies)}\n`);
  cpSync(join(projectRoot, "LICENSE"), join(contents, "LICENSE"));
  cpSync(join(projectRoot, "docs/package.md"), join(contents, "README.md"));
  const { stdout } = await execa("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: contents });
  return join(folder, stdout.trim());
}

async function compile(format: keyof typeof formats, contents: string): Promise<void> {
  const { type, flags } = formats[format];
  const out = join(contents, format);
  await execa("tsc", ["-p", join(import.meta.dirname, "tsconfig.json"), "--outDir", out, ...flags], {
    preferLocal: true,
    localDir: projectRoot,
  });
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "package.json"), `${JSON.stringify({ type })}\n`);
  for (const file of readdirSync(out, { recursive: true, encoding: "utf8" })) {
    if (file.endsWith(".d.ts")) nameWhatIsThere(join(out, file));
  }
}

/** tsc rewrites `./x.ts` to `./x.js` in code, not in declarations, where only it finds the file in every mode of resolution. */
function nameWhatIsThere(declarations: string): void {
  const text = readFileSync(declarations, "utf8");
  writeFileSync(declarations, text.replace(/((?:from |import\()"\.[^"]*)\.ts"/g, '$1.js"'));
}

function manifest() {
  const { name, version, description, license, engines, dependencies } = JSON.parse(
    readFileSync(join(projectRoot, "package.json"), "utf8"),
  );
  const ranges = (names: readonly string[]) => Object.fromEntries(names.map((each) => [each, `^${dependencies[each]}`]));
  const entry = (format: keyof typeof formats, file: string) => ({ types: `./${format}/${file}.d.ts`, default: `./${format}/${file}.js` });
  const exported = Object.entries(entries).map(([name, file]) => [name, { import: entry("esm", file), require: entry("cjs", file) }]);
  return {
    name,
    version,
    description,
    license,
    engines,
    main: `./cjs/${entries["."]}.js`,
    types: `./cjs/${entries["."]}.d.ts`,
    exports: { ...Object.fromEntries(exported), "./package.json": "./package.json" },
    dependencies: ranges(own),
    peerDependencies: ranges([...peers, ...optionalPeers]),
    peerDependenciesMeta: Object.fromEntries(optionalPeers.map((each) => [each, { optional: true }])),
  };
}
