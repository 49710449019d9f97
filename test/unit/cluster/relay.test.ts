import { once } from "node:events";
import { connect, createServer, type Server } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dialThrough } from "../../../tools/cluster/dial.ts";
import { close, openPort, portOf } from "../../../tools/cluster/ports.ts";
import { proxyInto, relayTo } from "../../../tools/cluster/relay.ts";

describe("the way into a cluster", () => {
  let shouting: Server;
  let entrance: Server;
  beforeEach(async () => {
    shouting = createServer({ allowHalfOpen: true }, async (socket) => {
      socket.end((await text(socket)).toUpperCase());
    }).listen(0, "127.0.0.1");
    await once(shouting, "listening");
    entrance = await openPort({});
  });
  afterEach(() => Promise.all([close(shouting), close(entrance)]));

  const dial = (token: string, host: string, port: number) => dialThrough(portOf(entrance), token, "test", host, port);

  it("for the API server carries bytes both ways", async () => {
    relayTo(entrance, "127.0.0.1", portOf(shouting));
    const socket = connect({ host: "127.0.0.1", port: portOf(entrance), allowHalfOpen: true });
    socket.end("hello");
    expect(await text(socket)).toBe("HELLO");
  });

  it("for everything else connects to the address asked for", async () => {
    proxyInto(entrance, "secret");
    const socket = await dial("secret", "127.0.0.1", portOf(shouting));
    socket.end("hello");
    expect(await text(socket)).toBe("HELLO");
  });

  it("is closed to whoever has not the cluster's token", async () => {
    proxyInto(entrance, "secret");
    await expect(dial("guess", "127.0.0.1", portOf(shouting))).rejects.toThrow("this cluster's token is missing");
  });

  it("says where nothing accepts connections", async () => {
    proxyInto(entrance, "secret");
    const free = await openPort({});
    const port = portOf(free);
    await close(free);
    await expect(dial("secret", "127.0.0.1", port)).rejects.toThrow(
      `no connection to 127.0.0.1:${port} in the cluster "test": nothing accepts connections at 127.0.0.1:${port} (ECONNREFUSED)`,
    );
  });

  it("says how to start a cluster that does not answer", async () => {
    const port = portOf(entrance);
    await close(entrance);
    await expect(dialThrough(port, "secret", "test", "web.shop.svc", 80)).rejects.toThrow(
      "Start it again: npm run cluster -- start --name test",
    );
    entrance = await openPort({});
  });
});

describe("a port", () => {
  it("that was asked for and is taken is an error that names it", async () => {
    const taken = await openPort({});
    await expect(openPort({ asked: portOf(taken) })).rejects.toThrow(`port ${portOf(taken)} on 127.0.0.1 is taken by another program`);
    await expect(openPort({ asked: 70_000 })).rejects.toThrow("70000 is not a port");
    await close(taken);
  });

  it("is the one from before where that is free, else another", async () => {
    const first = await openPort({});
    const before = portOf(first);
    const second = await openPort({ before });
    expect(portOf(second)).not.toBe(before);
    await Promise.all([close(first), close(second)]);
    const third = await openPort({ before });
    expect(portOf(third)).toBe(before);
    await close(third);
  });
});
