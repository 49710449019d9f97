/** `verify.mjs <file>`: runs the probes of a JSON file. */

import { readFileSync } from "node:fs";

const [, , file = ""] = process.argv;
const probes: unknown[] = JSON.parse(readFileSync(file, "utf8"));
if (probes.length > 0) throw new Error(`${file}: no probe is known yet`);
