import { type FunctionName, functionFrom } from "./agent/functions.ts";
import { type Config, ConfigError, loadConfig } from "./config.ts";
import { createConversation } from "./conversation.ts";
import { createLog, type Log } from "./logging.ts";
import { createMetrics } from "./metrics.ts";
import { createProvider, logNames } from "./providers/provider.ts";
import { chatRoute } from "./routes/chat.ts";
import { functionRoute } from "./routes/functions.ts";
import { healthRoutes } from "./routes/health.ts";
import { metricsRoute } from "./routes/metrics.ts";
import { therapySessionRoute } from "./routes/therapySession.ts";
import { webhookRoute } from "./routes/webhook.ts";
import { createHttp } from "./server.ts";
import { openShopCache } from "./shopCache.ts";
import { shutDown } from "./shutdown.ts";

/** @param only the one function that this process is; everything, where there is none. */
async function start(config: Config, only: FunctionName | undefined): Promise<void> {
  const log = createLog({ track: config.track, provider: config.provider.name });
  let clientLoaded = false;
  const fail = (problem: string) => {
    log("ERROR", problem);
    process.exit(1);
  };

  const provider = createProvider(config.provider);
  provider.then(
    () => {
      clientLoaded = true;
      log("INFO", `AI client ready ${Math.round(process.uptime() * 1000)} ms after start`);
    },
    (error) => fail(`The AI client cannot be made: ${error}`),
  );
  describe(config, log);

  const metrics = createMetrics(config);
  const conversation = createConversation(config, provider, metrics);
  const records = config.database && (await import("./records/records.ts")).openRecords(config.database, config.provider.name);
  const shops = config.cache && (await openShopCache(config.cache));
  const state = () => {
    if (traffic.draining) return "stopping";
    return clientLoaded && process.uptime() >= config.warmUpSeconds ? "ok" : "starting";
  };
  const serving = only
    ? [functionRoute(only, config, conversation, metrics, records)]
    : [
        therapySessionRoute(config, conversation, records),
        webhookRoute(config, conversation, metrics, records, shops),
        chatRoute(config, conversation, records),
      ];
  const routes = [...healthRoutes(config, state), metricsRoute(metrics), ...serving];
  const { server, traffic } = createHttp(config, routes, metrics, log);
  server.on("error", (error) => fail(`Cannot listen on port ${config.port}: ${error.message}`));
  server.listen(config.port, () => {
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : config.port;
    log("INFO", `Listening on port ${port} ${Math.round(process.uptime() * 1000)} ms after start`, { port });
  });

  const stop = () => {
    if (traffic.draining) return;
    const { shutdownGraceSeconds: graceSeconds } = config;
    shutDown({ server, traffic, graceSeconds, log, abortCalls: conversation.abort, exit: process.exit });
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

/** The lines by which operators see what a release runs with. */
function describe(config: Config, log: Log): void {
  const { mark, name } = logNames[config.provider.name];
  log("INFO", `Initializing AI client with provider: ${config.provider.name}`, { version: config.version });
  log("INFO", `${mark} Conversations go to ${name}`);
  log("INFO", `Retry logic: ${config.retry.switch.enabled ? "enabled" : "disabled"}`);
  const { switch: _, ...settings } = config.retry;
  log(
    "INFO",
    `Retry settings: ${Object.entries(settings)
      .map(([name, value]) => `${name}=${value}`)
      .join(" ")}`,
  );
  for (const [feature, on] of Object.entries(config.agents ?? {})) {
    if (!on) log("INFO", `feature disabled: ${feature}`);
  }
}

try {
  await start(loadConfig(process.env), functionFrom(process.argv[2]));
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  createLog({})("ERROR", `Cannot start: ${error.message}`);
  process.exitCode = 1;
}
