import { mustBe, remove, resourceRule } from "./resourceRule.ts";

/** What holds data that cannot be made anew. */
const stateful = new Set([
  "kubernetes:apps/v1:StatefulSet",
  "kubernetes:core/v1:PersistentVolume",
  "kubernetes:core/v1:PersistentVolumeClaim",
  "gcp:alloydb/cluster:Cluster",
  "gcp:bigquery/dataset:Dataset",
  "gcp:bigquery/table:Table",
  "gcp:bigtable/instance:Instance",
  "gcp:bigtable/table:Table",
  "gcp:firestore/database:Database",
  "gcp:spanner/database:Database",
  "gcp:spanner/instance:Instance",
  "gcp:sql/database:Database",
  "gcp:sql/databaseInstance:DatabaseInstance",
  "gcp:storage/bucket:Bucket",
]);

export const statefulProtected = resourceRule({
  name: "stateful-protected",
  description: "What holds data is protected: no update, and so no rollback, deletes or replaces it.",
  why: "Design: stateful resources are never deleted or replaced by a rollback",
  severity: "critical",
  *expectations({ type, opts }) {
    if (!stateful.has(type)) return;
    yield mustBe(opts.at("protect"), true);
    const first = opts.at("deleteBeforeReplace");
    yield {
      field: first,
      holds: (value) => value !== true,
      expected: "none: the data goes before there is another",
      mend: () => remove(first),
    };
  },
});
