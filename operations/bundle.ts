/** `node operations/bundle.ts <folder>`: the programs of the operations image, for its Dockerfile. */

import { bundlePrograms } from "../images/bundle.ts";
import { programs } from "./programs.ts";

const [, , folder] = process.argv;
if (folder === undefined) throw new Error("the folder to bundle into is missing: node operations/bundle.ts <folder>");
await bundlePrograms(programs, folder);
