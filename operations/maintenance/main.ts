/** Serves the maintenance page of a system; the Deployment that runs it is components/maintenance.ts. */

import type { AddressInfo } from "node:net";
import { maintenanceServer } from "./server.ts";

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

const server = maintenanceServer({
  title: variable("TITLE"),
  text: variable("TEXT"),
  retryAfterSeconds: Number(variable("RETRY_AFTER_SECONDS")),
  healthPath: variable("HEALTH_PATH"),
});
server.listen(Number(variable("PORT")), () => console.log(`Listening on port ${(server.address() as AddressInfo).port}`));

// Whoever chose this pod did so before its preStop ended: what is left is answering them.
process.on("SIGTERM", () => server.close(() => console.log("Stopped")));
