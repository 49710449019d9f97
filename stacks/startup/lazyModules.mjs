import { registerHooks } from "node:module";

// At its start @pulumi/pulumi gets ready for what no stack here and hardly a run needs, and every rollback waits for that: to turn JavaScript
// functions into cloud functions (npm's arborist, the TypeScript compiler, a debugger on the program itself), its automation API, source maps
// for every resource's stack trace, and OpenTelemetry. They are loaded when something first asks for them instead.
const tracing = new URL("./tracing.cjs", import.meta.url).href;
const closures = new URL("./closures.cjs", import.meta.url).href;
const lazy = {
  typescript: new URL("./typescript.cjs", import.meta.url).href,
  "./closure/serializeClosure": closures,
  "./closure/codePaths": closures,
  "../../runtime/closure/v8Hooks": closures,
  "./automation": new URL("./automation.cjs", import.meta.url).href,
  "source-map-support/register": new URL("./sourceMaps.cjs", import.meta.url).href,
  "@opentelemetry/resources": tracing,
  "@opentelemetry/sdk-trace-base": tracing,
  "@opentelemetry/exporter-zipkin": tracing,
  "@opentelemetry/instrumentation-grpc": tracing,
  "@opentelemetry/sdk-trace-node": tracing,
  "@opentelemetry/instrumentation": tracing,
};

// Messages in sixty languages, of which zod brings the English ones itself.
const languages = { url: new URL("./noLanguages.mjs", import.meta.url).href, format: "module", shortCircuit: true };

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === "../locales/index.js" && context.parentURL?.includes("/zod/")) return languages;
    const url = lazy[/** @type {keyof typeof lazy} */ (specifier)];
    return url && context.parentURL?.includes("/@pulumi/pulumi/")
      ? { url, format: "commonjs", shortCircuit: true }
      : next(specifier, context);
  },
});
