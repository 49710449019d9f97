/** What @pulumi/pulumi takes from OpenTelemetry, each from its package when it is first called, which only a traced run does. */
const lazily = (name, property) =>
  function (...args) {
    const real = require(name)[property];
    return new.target ? new real(...args) : real(...args);
  };

module.exports = {
  defaultResource: lazily("@opentelemetry/resources", "defaultResource"),
  resourceFromAttributes: lazily("@opentelemetry/resources", "resourceFromAttributes"),
  SimpleSpanProcessor: lazily("@opentelemetry/sdk-trace-base", "SimpleSpanProcessor"),
  BatchSpanProcessor: lazily("@opentelemetry/sdk-trace-base", "BatchSpanProcessor"),
  ZipkinExporter: lazily("@opentelemetry/exporter-zipkin", "ZipkinExporter"),
  GrpcInstrumentation: lazily("@opentelemetry/instrumentation-grpc", "GrpcInstrumentation"),
  NodeTracerProvider: lazily("@opentelemetry/sdk-trace-node", "NodeTracerProvider"),
  registerInstrumentations: lazily("@opentelemetry/instrumentation", "registerInstrumentations"),
};
