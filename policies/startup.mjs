import { registerHooks } from "node:module";
import "../stacks/startup/lazyModules.mjs";

// Pulumi loads the TypeScript compiler for every pack. This one is built.
const none = new URL("./noCompiler.cjs", import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    return /^(typescript|ts-node)$/.test(specifier) && context.parentURL?.includes("/@pulumi/pulumi/")
      ? { url: none, format: "commonjs", shortCircuit: true }
      : next(specifier, context);
  },
});
