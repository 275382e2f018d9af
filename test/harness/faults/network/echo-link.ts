/** A link to a server that answers with what it was sent, as tests use it. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { type LinkProxy, openLinkProxy } from "../../../../harness/faults/network/link-proxy.ts";
import { systemClock as clock } from "../../../../simulator/clock.ts";

export type EchoLink = {
  readonly proxy: LinkProxy;
  /** Everything that reached the server so far. */
  readonly reached: () => string;
  readonly open: () => Promise<Client>;
};

type Client = {
  readonly socket: Socket;
  /** Everything that came back so far. */
  readonly seen: () => string;
  /** Resolves as soon as so many bytes have come back in all. */
  readonly until: (bytes: number) => Promise<string>;
  /** Resolves with `ECONNRESET`, or `end`. */
  readonly ended: Promise<string>;
};

export async function echoLink(random: () => number = () => 0.5): Promise<EchoLink> {
  let reached = "";
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => {
      reached += bytes.toString("latin1");
      socket.write(bytes);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const upstream = { host: "127.0.0.1", port };
  const proxy = await openLinkProxy({ port: 0, upstream, clock, random });
  onTestFinished(async () => {
    await proxy[Symbol.asyncDispose]();
    server.close();
  });
  return { proxy, reached: () => reached, open: () => openClient(proxy.port) };
}

async function openClient(port: number): Promise<Client> {
  const socket = connect(port, "127.0.0.1");
  let seen = "";
  socket.on("data", (bytes) => {
    seen += bytes.toString("latin1");
    socket.emit("seen");
  });
  const ended = new Promise<string>((resolve) => {
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    socket.on("close", () => resolve("end"));
  });
  await once(socket, "connect");
  onTestFinished(() => void socket.destroy());
  return {
    socket,
    seen: () => seen,
    async until(bytes) {
      while (seen.length < bytes) await once(socket, "seen");
      return seen;
    },
    ended,
  };
}
