/**
 * A TCP proxy that a test can cut or hold, so that a shared server need not be stopped. Loopback
 * only.
 */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/**
 * `down`: connections are broken and new ones refused. `hanging`: nothing passes any more, as in a
 * network that drops. `stalled`: nothing passes until the fault ends, and then all of it does, as
 * with a server under SIGSTOP.
 */
type ProxyFault = "down" | "hanging" | "stalled";

export type CuttableProxy = {
  readonly port: number;
  readonly fault: (fault: ProxyFault | undefined) => void;
  /** Connections that clients hold open. */
  readonly connections: () => number;
  readonly close: () => Promise<void>;
};

export async function cuttableProxy(host: string, port: number): Promise<CuttableProxy> {
  const pairs = new Map<Socket, Socket>();
  let fault: ProxyFault | undefined;

  const server = createServer((client) => {
    const upstream = connect(port, host);
    pairs.set(client, upstream);
    const end = (): void => {
      pairs.delete(client);
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      socket.on("error", end); // either side gone means both are; the client under test sees it
      socket.on("close", end);
      if (fault === "stalled") socket.pause();
    }
    client.on("data", (bytes) => pass(upstream, bytes));
    upstream.on("data", (bytes) => pass(client, bytes));
  });
  const pass = (to: Socket, bytes: Buffer): void => {
    if (fault !== "hanging") to.write(bytes);
  };
  const breakAll = (): void => {
    for (const [client, upstream] of pairs) {
      client.destroy();
      upstream.destroy();
    }
  };

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port: ownPort } = server.address() as AddressInfo;
  return {
    port: ownPort,
    fault: (next) => {
      if (next === "down" && server.listening) server.close();
      if (next !== "down" && !server.listening) server.listen(ownPort, "127.0.0.1");
      // After bytes were dropped a connection is of no more use.
      if (next === "down" || (next === undefined && fault === "hanging")) breakAll();
      fault = next;
      for (const socket of [...pairs].flat()) {
        if (next === "stalled") socket.pause();
        else socket.resume();
      }
    },
    connections: () => pairs.size,
    close: async () => {
      breakAll();
      if (!server.listening) return;
      server.close();
      await once(server, "close");
    },
  };
}
