import { buildRouteMap } from "@stricli/core";
import { backups } from "./data/backups.ts";
import { check } from "./data/check.ts";
import { loss } from "./data/loss.ts";
import { recover } from "./data/recover.ts";
import { repair } from "./data/repair.ts";

export const data = buildRouteMap({
  routes: { check, backups, loss, recover, repair },
  docs: {
    brief: "The system's data: whether they are whole, what a restore lost, and bringing it back",
    fullDescription: [
      "The system's data, by Jobs in its namespace that leave nothing behind.",
      "",
      "  rollback data check               whether they are whole",
      "  rollback data backups             what there is to go back to",
      "  rollback data loss <backup>       what a restore lost",
      "  rollback data recover <backup>    and to bring it back",
    ].join("\n"),
  },
});
