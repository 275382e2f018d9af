/**
 * A TCP proxy on loopback in front of a server, for the length of a run: what passes is disturbed by one toxic at a
 * time, or by none. Non-goals: packets (this is one level above them), other machines.
 */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import type { Clock } from "../../../simulator/clock.ts";
import { orFaultError } from "../fault-error.ts";
import { type ActiveToxic, activate } from "./active-toxic.ts";
import { type Connection, createConnection } from "./connection.ts";
import type { Disturbance, Toxic } from "./toxic.ts";

/** A link is healed also when its run is broken off. */
const never = new AbortController().signal;
const loopback = "127.0.0.1";
/** The jobs of a run have a few dozen; a client that leaks them is refused instead of filling this process. */
const connectionsMost = 1_000;

export type LinkProxy = AsyncDisposable & {
  readonly port: number;
  /** Errors: one that another toxic is not over. */
  readonly begin: (toxic: Toxic) => Disturbance;
};

/** `port`: where it listens, 0 for any. Errors: the operating system's, of `listen`. */
export async function openLinkProxy(options: {
  readonly port: number;
  readonly upstream: { readonly host: string; readonly port: number };
  readonly clock: Clock;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
}): Promise<LinkProxy> {
  const { upstream, clock, random } = options;
  const connections = new Set<Connection>();
  let active: ActiveToxic | undefined;

  const accept = (client: Socket): void => {
    const server = connect({ ...upstream, allowHalfOpen: true });
    const onGone = (gone: Connection): void => void connections.delete(gone);
    const parts = { client, server, active: () => active, clock, random, onGone };
    connections.add(createConnection(parts));
  };
  const listener = createServer({ allowHalfOpen: true }, accept);
  listener.maxConnections = connectionsMost;
  listener.listen(options.port, loopback);
  await once(listener, "listening");
  const { port } = listener.address() as AddressInfo;

  const resetAll = (): number => {
    const all = [...connections];
    for (const connection of all) connection.reset();
    return all.length;
  };

  async function armAgain(everyMs: number, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      for (const connection of connections) connection.arm();
      await clock.sleep(everyMs, over).catch(() => undefined);
    }
  }

  function begin(toxic: Toxic): Disturbance {
    if (active !== undefined)
      throw new Error(`The link is disturbed already: ${active.toxic.kind}.`);
    const end = new AbortController();
    const now = activate(toxic, clock, end.signal);
    active = now;
    if (toxic.kind === "reset" || toxic.kind === "lose") void armAgain(toxic.everyMs, end.signal);
    if (toxic.kind === "refuse") {
      listener.close();
      for (const connection of connections) now.note(connection, 0, 1);
      resetAll();
    }
    return {
      trace: now.trace,
      async end() {
        if (end.signal.aborted) return;
        end.abort(new Error("the link is healed"));
        active = undefined;
        for (const connection of [...connections]) connection.heal();
        if (toxic.kind !== "refuse") return;
        await orFaultError(`no proxy could listen on ${port} again`, never, async () => {
          listener.listen(port, loopback);
          await once(listener, "listening");
        });
      },
    };
  }

  return {
    port,
    begin,
    async [Symbol.asyncDispose]() {
      const closed = listener.listening ? once(listener, "close") : undefined;
      listener.close();
      resetAll();
      await closed;
    },
  };
}
