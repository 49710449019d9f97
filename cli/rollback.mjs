#!/usr/bin/env node
// Under whichever Node 18 or newer it is started: tools/run.mjs installs and finds what is newer.
process.argv.splice(2, 0, "rollback");
await import("../tools/run.mjs");
