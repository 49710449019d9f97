import { fstatSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { serve } from "./server.ts";

/** The engine starts this with its own address, reads the port from standard output and keeps standard input open while it lives. */
const engine = process.argv.slice(2).find((argument) => !argument.startsWith("-"));
// The engine ends its plugins with SIGINT and waits five seconds before it kills one. A terminal's Ctrl-C does not come here:
// plugins are in process groups of their own.
process.on("SIGINT", () => process.exit(0));

const { port } = await serve(engine);
process.stdout.write(`${port}\n`);
// Without this, a provider that is killed leaves the next one to compile everything again.
setImmediate(flushCompileCache);

const input = fstatSync(0, { throwIfNoEntry: false });
if (input?.isFIFO() || input?.isSocket()) {
  process.stdin.on("end", () => process.exit(0)).on("error", () => process.exit(0));
  process.stdin.resume();
}
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.exit(0);
}, 1000).unref();
