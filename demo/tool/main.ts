/** Stands in for the command-line tools of a system's image (`python manage.py`): says what it was asked to do. */

import { basename } from "node:path";
import { createLog } from "../service/logging.ts";

const [, command = "", ...args] = process.argv;
createLog({ version: process.env.APP_VERSION ?? "development" })("INFO", `Done: ${[basename(command), ...args].join(" ")}`);
