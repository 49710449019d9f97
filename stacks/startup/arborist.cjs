// `__esModule` keeps TypeScript's import helper from copying, and so from reading, every property.
module.exports = {
  __esModule: true,
  get Arborist() {
    return require("@npmcli/arborist").Arborist;
  },
};
