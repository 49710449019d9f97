import { registerHooks } from "node:module";

// @pulumi/pulumi loads npm's arborist and the TypeScript compiler at start, to turn JavaScript functions into cloud functions. No
// stack here does that, and the two are most of its start-up (measured: 620 → 250 ms), which every rollback waits for. They are
// loaded when something first asks for them instead.
const lazy = {
  "@npmcli/arborist": new URL("./arborist.cjs", import.meta.url).href,
  typescript: new URL("./typescript.cjs", import.meta.url).href,
};

registerHooks({
  resolve(specifier, context, next) {
    const url = lazy[/** @type {keyof typeof lazy} */ (specifier)];
    return url && context.parentURL?.includes("/@pulumi/pulumi/")
      ? { url, format: "commonjs", shortCircuit: true }
      : next(specifier, context);
  },
});
