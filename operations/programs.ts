/** The programs of the operations image: bundle → source. Each runs with `args: ["/app/<bundle>.mjs"]`. */
export const programs = {
  /** Runs a plan's probes in the cluster. */
  verify: "operations/verify/main.ts",
  /** Answers for a system in maintenance. */
  maintenance: "operations/maintenance/main.ts",
};
