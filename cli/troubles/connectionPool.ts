import type { Trouble } from "./trouble.ts";

/** As PostgreSQL, MySQL, SQLAlchemy, node-postgres, Sequelize, Prisma and HikariCP say it. */
const exhausted =
  /too many clients already|remaining connection slots are reserved|too many connections|QueuePool limit of size|connection pool (is )?exhausted|ResourceRequest timed out|timeout exceeded when trying to connect|Timed out fetching a new connection from the (connection )?pool|Connection is not available, request timed out/i;

export const connectionPool: Trouble = {
  name: "the database's connection pool is exhausted",
  look({ live: { logs, deployments }, app, kubectl }) {
    const lines = Object.values(logs).map((log) => log.split("\n").findLast((line) => exhausted.test(line)));
    const said = lines.filter((line) => line !== undefined);
    if (said.length === 0) return [];
    const holders = deployments
      .filter(({ metadata }) => metadata?.labels?.app === app)
      .map(({ metadata }) => `deployment/${metadata?.name}`);
    return [
      {
        what: `${said.length} of ${lines.length} pods say so: ${said[0]?.trim().slice(0, 200)}`,
        // Restarted pods give their connections back; new ones are ready before old ones end.
        mend: `${kubectl} rollout restart ${holders.join(" ")}`,
      },
    ];
  },
};
