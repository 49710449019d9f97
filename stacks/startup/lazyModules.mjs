import { registerHooks } from "node:module";

// @pulumi/pulumi loads npm's arborist and the TypeScript compiler at start, to turn JavaScript functions into cloud functions, and
// OpenTelemetry, for traced runs. No stack here needs the former, hardly a run the latter, and together they are most of its start-up
// (measured: 620 → 190 ms), which every rollback waits for. They are loaded when something first asks for them instead.
const tracing = new URL("./tracing.cjs", import.meta.url).href;
const lazy = {
  "@npmcli/arborist": new URL("./arborist.cjs", import.meta.url).href,
  typescript: new URL("./typescript.cjs", import.meta.url).href,
  "@opentelemetry/resources": tracing,
  "@opentelemetry/sdk-trace-base": tracing,
  "@opentelemetry/exporter-zipkin": tracing,
  "@opentelemetry/instrumentation-grpc": tracing,
  "@opentelemetry/sdk-trace-node": tracing,
  "@opentelemetry/instrumentation": tracing,
};

registerHooks({
  resolve(specifier, context, next) {
    const url = lazy[/** @type {keyof typeof lazy} */ (specifier)];
    return url && context.parentURL?.includes("/@pulumi/pulumi/")
      ? { url, format: "commonjs", shortCircuit: true }
      : next(specifier, context);
  },
});
