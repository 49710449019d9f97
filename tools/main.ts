import { enableCompileCache } from "node:module";
import { ToolError } from "./errors.ts";
import { compileCacheDir } from "./paths.ts";

const usage = `npm run setup [-- --simulated | --all] [--verbose]   everything a drill needs: found, downloaded or built
npm run rollback -- status | to <level> | …         the operator's commands (npm run rollback -- --help)
npm run drill [-- system] [level…]                  a rollback under load (npm run drill -- --help)
npm test [-- unit | engine | cluster]               the tests
npm run pr-preview [-- --base REF]                  what a pull request changes, and what rolling that back would do
npm run drift -- STACK                              whether the cluster is as the stack says
npm run post -- comment | issue                     puts what those two wrote on GitHub
npm run rows                                        rows of the teams' documents, and the tests that prove them
npm run bench [-- rollbacks | provider | scale | policies]   ratios against kubectl and helm, by a stack's size, and with the policies
npm run runbooks                                    docs/runbooks/<system>.md from the plans
npm run alerts                                      docs/alerts/<system>.yaml from the plans
npm run dashboards                                  docs/dashboards/<system>.json from the plans
npm run goldens                                     test/goldens: what each level changes, from the plans
npm run reference                                   docs/reference: a page a component, from its docstrings and example
npm run incident                                    docs/incident.md: an incident in a terminal, on the real node
npm run package                                     dist/: the components as an npm package
npm run images [-- --push REGISTRY]                  the demo's and the operations image, and pushing them
npm run cluster -- start | stop | status | logs     the project's own Kubernetes
npm run env                                         variables for your shell: eval "$(npm run --silent env)"`;

const commands: Record<string, (args: string[]) => Promise<number>> = {
  setup: async (args) => (await import("./setup/command.ts")).setupCommand(args),
  rollback: async (args) => (await import("../cli/main.ts")).rollbackCommand(args),
  drill: async (args) => (await import("../drill/main.ts")).drillCommand(args),
  test: async (args) => (await import("./test/command.ts")).testCommand(args),
  "pr-preview": async (args) => (await import("../preview/main.ts")).prPreviewCommand(args),
  post: async (args) => (await import("../preview/post.ts")).postCommand(args),
  drift: async (args) => (await import("../preview/drift.ts")).driftCommand(args),
  rows: async (args) => (await import("./rows/command.ts")).rowsCommand(args),
  bench: async (args) => (await import("../bench/main.ts")).benchCommand(args),
  runbooks: async (args) => (await import("../pages/runbook/main.ts")).runbooksCommand(args),
  alerts: async (args) => (await import("../pages/alerts/main.ts")).alertsCommand(args),
  dashboards: async (args) => (await import("../pages/dashboards/main.ts")).dashboardsCommand(args),
  goldens: async (args) => (await import("../pages/goldens/main.ts")).goldensCommand(args),
  reference: async (args) => (await import("../pages/reference/main.ts")).referenceCommand(args),
  incident: async () => (await import("../pages/incident/main.ts")).incidentCommand(),
  package: async (args) => (await import("./package/main.ts")).packageCommand(args),
  images: async (args) => (await import("../images/main.ts")).imagesCommand(args),
  cluster: async (args) => (await import("./cluster/cli.ts")).clusterCommand(args),
  env: async (args) => (await import("./environment-command.ts")).environmentCommand(args),
};

// What starts is worth keeping compiled: an operator waits for it.
enableCompileCache(compileCacheDir);
const [name = "", ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (!command) {
  console.error(`${name === "" ? "A command is missing" : `"${name}" is not a command`}. There are:\n\n${usage}`);
  process.exit(2);
}
try {
  process.exitCode = await command(args);
} catch (error) {
  if (!(error instanceof ToolError)) throw error;
  console.error(`\n${error.message}`);
  process.exitCode = error.exitCode;
}
