import { writePlanPages } from "../planPages.ts";
import { dashboardFile } from "./dashboard.ts";

/** `npm run dashboards`: writes docs/dashboards/<system>.json from the plans. */
export const dashboardsCommand = (argv: string[]): Promise<number> => writePlanPages("dashboards", "json", dashboardFile, argv);
