// `__esModule` keeps TypeScript's import helper from copying, and so from reading, every property.
module.exports = new Proxy({}, { get: (_, property) => property === "__esModule" || require("@pulumi/pulumi/automation")[property] });
