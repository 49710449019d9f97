// Loaded into a Pulumi program by startup.ts: writes down when its first resource goes to the engine, in milliseconds since its
// process began. The stack itself is registered before the program is loaded, so the second registration is the program's first.
import { subscribe } from "node:diagnostics_channel";
import { writeFileSync } from "node:fs";

const file = process.env.ROLLBACK_BENCH_START;
let registrations = 0;
subscribe("http2.client.stream.created", (message) => {
  const headers = /** @type {{ headers: Record<string, string> }} */ (message).headers;
  if (headers[":path"] !== "/pulumirpc.ResourceMonitor/RegisterResource") return;
  registrations++;
  if (registrations === 2 && file) writeFileSync(file, String(performance.now()));
});
