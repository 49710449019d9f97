module.exports = new Proxy({}, { get: (_, property) => require("typescript")[property] });
