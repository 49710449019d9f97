/**
 * Pulumi's language host for Node.js, for machines where Pulumi's own cannot be downloaded. The engine starts it with its own
 * address as the last argument and reads the port to call from the first line of standard output.
 */
import { flushCompileCache } from "node:module";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { killGroup } from "./children.ts";
import { languageService } from "./service.ts";

const engineAddress = process.argv.at(-1) ?? "";
const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
server.addService(languageService.definition, languageService.handlers(engineAddress));

server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) {
    process.stderr.write(`the language host cannot listen on 127.0.0.1: ${error.message}\n`);
    process.exit(1);
  }
  process.stdout.write(`${port}\n`);
  // Without this, a host that is killed leaves the next one to compile everything again.
  setImmediate(flushCompileCache);
});

// The engine holds the other end of standard input: its end means that the engine is gone, however it went.
process.stdin.on("end", killGroup).on("error", killGroup).resume();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, killGroup);
