import { definePlan } from "../../../../components/plan/plan.ts";
import clinic from "../plan.ts";

/** The clinic with one pod, and a question that others can keep from being answered: by a lock on what no other part of it asks. */
export default definePlan({
  ...clinic,
  service: { ...clinic.service, replicas: 1 },
  queries: {
    ...clinic.queries,
    settings: {
      title: "Settings with privileges of their own",
      kind: "integrity",
      sql: "SELECT COUNT(*) FROM pg_parameter_acl",
      expect: 0,
    },
  },
});
