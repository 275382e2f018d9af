/** Finds free ports on the loopback address. Somebody may still be faster between the finding and the use: see `start-server.ts`. */
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:net";

export const loopback = "127.0.0.1";

/**
 * Below the range from which Linux (32768 up) and others (49152 up) draw the local ports of outgoing
 * connections, so that no busy client can take one in the seconds until its server listens.
 */
const lowest = 20_000;
const highest = 32_000;

const triesPerPort = 100;

/** `count` distinct ports, all held at once before they are released. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const held: Server[] = [];
  try {
    for (let tries = 0; held.length < count && tries < count * triesPerPort; tries++) {
      const server = await hold(randomInt(lowest, highest));
      if (server !== undefined) held.push(server);
    }
    if (held.length < count)
      throw new Error(`No ${count} free ports between ${lowest} and ${highest}.`);
    return held.map((server) => (server.address() as { port: number }).port);
  } finally {
    await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

async function hold(port: number): Promise<Server | undefined> {
  const server = createServer();
  try {
    server.listen({ host: loopback, port, exclusive: true });
    await once(server, "listening");
    return server;
  } catch {
    return undefined; // Taken.
  }
}
