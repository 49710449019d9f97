import { checksFor, checksOf, DatabaseRevision } from "rollback-stacks";
import { app, image, shop } from "./app.ts";

const definition = shop.database as NonNullable<typeof shop.database>;
const lever = {
  revision: "0001",
  image: `registry.example/postgresql@sha256:${"c".repeat(64)}`,
  url: "postgresql://shop@postgresql:5432/shop",
  passwordSecret: { name: "shop-database", key: "password" },
  backups: "shop-backups",
};
// What `decideMove` tells from the plan, the levers and the last record.
const move = { run: { number: 2, way: "down", revision: "0001" }, isOver: false, image } as const;
// Everything that must run the release below first: the tracks, which wait for `before`.
const release = Promise.resolve([]);

export const { before, evidence } = new DatabaseRevision("shop-database", {
  app,
  definition,
  lever,
  move,
  releases: [app.release],
  checks: checksFor(shop, "0001"),
  backupChecks: checksOf(shop),
  spared: [],
  release,
});
