import { writePlanPages } from "../planPages.ts";
import { rulesFile } from "./file.ts";

/** `npm run alerts`: writes docs/alerts/<system>.yaml from the plans. */
export const alertsCommand = (argv: string[]): Promise<number> => writePlanPages("alerts", "yaml", rulesFile, argv);
