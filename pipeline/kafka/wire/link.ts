/**
 * One connection that comes back: a link opens its connection with the first call, and a new one after it
 * broke, with a bounded back-off. What was in flight when it broke is reported as of unknown outcome, never
 * sent again from here. A broker serves one request of a connection at a time: one link per purpose.
 */
import { type API, AuthenticationError, Connection, ResponseError } from "@platformatic/kafka";
import type { Clock } from "../../clock.ts";
import { type LinkConnection, openLeanConnection } from "./lean-connection.ts";
import { WireError } from "./wire-error.ts";

export type Address = { readonly host: string; readonly port: number };

export type Link = {
  /**
   * Asks once. The answer may carry the broker's error codes: those are the caller's to read. Aborting
   * closes the connection, because the answer would block the calls behind it.
   * Errors: `WireError` of code `unreachable`, `disconnected` or `closed`; the signal's reason.
   */
  readonly call: <Arguments extends unknown[], Answer>(
    api: API<Arguments, Answer>,
    args: Arguments,
    signal?: AbortSignal,
  ) => Promise<Answer>;
  readonly close: () => Promise<void>;
};

export type LinkOptions = {
  /** Tried in turn until one takes the connection. */
  readonly addresses: readonly Address[];
  readonly clientId: string;
  readonly clock: Clock;
  /** How long an answer may take: above what the broker was told it may wait. */
  readonly requestTimeoutMs: number;
  /** How long a call may try to connect. */
  readonly connectForMs: number;
  /** For requests that carry batches and answers that are short: they leave without being copied. */
  readonly lean?: boolean;
};

const backOffFirstMs = 20;
const backOffMaxMs = 1_000;
const connectTimeoutMs = 5_000;
/** Kafka keeps the order of an idempotent producer's batches up to five requests in flight. */
const inFlightMax = 5;

export function openLink(options: LinkOptions): Link {
  const { addresses, clientId, clock } = options;
  const closed = new AbortController();
  let current: Promise<LinkConnection> | undefined;
  let live: LinkConnection | undefined;

  async function connect(): Promise<LinkConnection> {
    const deadline = clock.monotonicMs() + options.connectForMs;
    let backOffMs = backOffFirstMs;
    for (let attempt = 0; ; attempt++) {
      const address = addresses[attempt % addresses.length]!;
      try {
        return await connectOnce(address);
      } catch (cause) {
        if (cause instanceof AuthenticationError) {
          throw new WireError("refused", `${at(address)} refuses these credentials`, { cause });
        }
        closed.signal.throwIfAborted();
        if (clock.monotonicMs() + backOffMs > deadline) {
          throw new WireError("unreachable", `no Kafka broker answers at ${at(address)}`, {
            cause,
          });
        }
      }
      await clock.sleep(backOffMs, closed.signal);
      backOffMs = Math.min(2 * backOffMs, backOffMaxMs);
    }
  }

  async function connectOnce(address: Address): Promise<LinkConnection> {
    const connection = await (options.lean ? connectLean(address) : connectFull(address));
    if (closed.signal.aborted) {
      await connection.close();
      throw closed.signal.reason;
    }
    live = connection;
    return connection;
  }

  async function connectFull(address: Address): Promise<LinkConnection> {
    const connection = new Connection(clientId, {
      connectTimeout: connectTimeoutMs,
      requestTimeout: options.requestTimeoutMs,
      maxInflights: inFlightMax,
    });
    // Without a listener an "error" event would end the process; the calls in flight learn of it by themselves.
    connection.on("error", () => forget(connection));
    connection.on("close", () => forget(connection));
    await connection.connect(address.host, address.port);
    return connection;
  }

  async function connectLean(address: Address): Promise<LinkConnection> {
    const connection = await openLeanConnection(address, {
      ...{ clientId, connectTimeoutMs, requestTimeoutMs: options.requestTimeoutMs, inFlightMax },
      onEnd: () => forget(connection),
    });
    return connection;
  }

  function forget(connection: LinkConnection): void {
    if (live !== connection) return;
    live = undefined;
    current = undefined;
  }

  async function connected(): Promise<LinkConnection> {
    closed.signal.throwIfAborted();
    if (live !== undefined && !live.isConnected()) forget(live);
    current ??= connect().catch((error: unknown) => {
      current = undefined;
      throw error;
    });
    return current;
  }

  async function call<Arguments extends unknown[], Answer>(
    api: API<Arguments, Answer>,
    args: Arguments,
    signal?: AbortSignal,
  ): Promise<Answer> {
    signal?.throwIfAborted();
    const connection = await connected();
    signal?.throwIfAborted();
    const onAbort = (): void => {
      forget(connection);
      connection.socket.destroy();
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      return await ask(connection, api, args);
    } catch (error) {
      signal?.throwIfAborted();
      if (!closed.signal.aborted) throw error;
      const what = "the connection to Kafka was closed while it was asked";
      throw new WireError("closed", what, { cause: error, definite: false });
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  }

  async function close(): Promise<void> {
    if (closed.signal.aborted) return;
    closed.abort(new WireError("closed", "the connection to Kafka was closed by its owner"));
    const connection = await current?.catch(() => undefined);
    await connection?.close();
  }

  return { call, close };
}

function ask<Arguments extends unknown[], Answer>(
  connection: LinkConnection,
  api: API<Arguments, Answer>,
  args: Arguments,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    // All that an API function asks of a connection is `send`.
    api(connection as Connection, ...args, (error: Error | null, answer?: Answer) => {
      if (error === null) resolve(answer as Answer);
      // The library throws when an answer carries an error code; it is an answer all the same.
      else if (error instanceof ResponseError) resolve(error["response"] as Answer);
      // A parser of ours found the answer impossible.
      else if (error instanceof WireError) reject(error);
      else {
        const what = "the connection to Kafka broke before the answer came";
        reject(new WireError("disconnected", what, { cause: error }));
      }
    });
  });
}

function at(address: Address): string {
  return `${address.host}:${address.port}`;
}
