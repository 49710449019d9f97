/** What @pulumi/pulumi's `runtime` gives out of its closures, loaded by the first call. */
const lazily =
  (name, property) =>
  (...args) =>
    require(`@pulumi/pulumi/runtime/closure/${name}`)[property](...args);

module.exports = {
  serializeFunctionAsync: lazily("serializeClosure", "serializeFunctionAsync"),
  serializeFunction: lazily("serializeClosure", "serializeFunction"),
  computeCodePaths: lazily("codePaths", "computeCodePaths"),
  // The debugger that tells functions' variables; it starts with the first function that is asked for.
  isInitializedAsync: async () => {},
};
