import { writePlanPages } from "../planPages.ts";
import { runbook } from "./runbook.ts";

/** `npm run runbooks`: writes docs/runbooks/<system>.md from the plans. */
export const runbooksCommand = (argv: string[]): Promise<number> => writePlanPages("runbooks", "md", runbook, argv);
