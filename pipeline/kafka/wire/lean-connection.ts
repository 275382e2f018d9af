/**
 * A connection that sends a request's buffers as they are, one behind the other. The library's own first copies them
 * into a new buffer, and those copies were what the garbage collector of a producer ran for: a full collection of 5 to
 * 25 ms for every 64 MB, 8 to 13 % of the CPU of a saturated one. It does what `createAPI` and `link.ts` ask of a
 * connection, no more: no TLS, no SASL. Answers must be small: they are put together in one buffer. What is sent must
 * not be written to until its call has ended: then it has left, or the socket is gone.
 * Source: Kafka protocol guide, "Protocol Primitive Types" and "Request Header" (versions 1 and 2).
 */
import { once } from "node:events";
import { connect } from "node:net";
import { type Connection, Reader } from "@platformatic/kafka";
import type { Address } from "./link.ts";

/** What a link needs of a connection, the library's or this one. */
export type LinkConnection = Pick<Connection, "send" | "isConnected"> & {
  readonly socket: { readonly destroy: () => void };
  readonly close: () => Promise<void>;
};

export type LeanConnectionOptions = {
  readonly clientId: string;
  readonly connectTimeoutMs: number;
  /** Of silence while an answer is due: with `inFlightMax` requests under way nothing is sent any more. */
  readonly requestTimeoutMs: number;
  readonly inFlightMax: number;
  /** Once, when it has ended, for whatever reason. */
  readonly onEnd: () => void;
};

type Asked = {
  readonly correlationId: number;
  /** Called once. */
  readonly settle: (error: Error | undefined, answer?: Buffer) => void;
};
type Waiting = Asked & { readonly buffers: readonly Buffer[] };

/** Far above any answer to a producer; what is longer is no answer. */
const answerMaxBytes = 16 * 1024 * 1024;

/** Errors: those of `node:net`. */
export async function openLeanConnection(
  { host, port }: Address,
  options: LeanConnectionOptions,
): Promise<LinkConnection> {
  const { inFlightMax, onEnd } = options;
  const clientId = Buffer.from(options.clientId);
  const socket = connect({ host, port, noDelay: true });
  const inFlight: Asked[] = [];
  const waiting: Waiting[] = [];
  let lastCorrelationId = 0;
  let rest: Buffer = Buffer.alloc(0);
  let connected = false;
  let why: Error | undefined;

  socket.setTimeout(options.connectTimeoutMs, () => {
    if (connected && inFlight.length === 0) return;
    socket.destroy(new Error(connected ? "an answer did not come in time" : "nobody answers"));
  });
  socket.on("error", (error) => {
    why = error;
  });
  await once(socket, "connect");
  connected = true;
  socket.setTimeout(options.requestTimeoutMs);
  socket.on("data", onData);
  socket.on("close", () => {
    connected = false;
    onEnd();
    const cause = why ?? new Error("the connection was closed");
    for (const asked of [...inFlight.splice(0), ...waiting.splice(0)]) asked.settle(cause);
  });

  const send: LinkConnection["send"] = (
    apiKey,
    apiVersion,
    createPayload,
    parse,
    hasRequestTags,
    hasAnswerTags,
    callback,
  ) => {
    const payload = createPayload();
    if (payload instanceof Promise) throw new TypeError("requests are built at once here");
    lastCorrelationId = (lastCorrelationId + 1) & 0x7fffffff;
    const correlationId = lastCorrelationId;
    const head = requestHead(
      { apiKey, apiVersion, correlationId, clientId, hasTags: hasRequestTags },
      payload.length,
    );
    // Behind the correlation id come tagged fields, of which there are none: one byte.
    const bodyAt = hasAnswerTags ? 5 : 4;
    const settle: Asked["settle"] = (error, answer) => {
      if (answer === undefined) return callback(error ?? null);
      let parsed: Awaited<ReturnType<typeof parse>>;
      try {
        const reader = Reader.from(answer.subarray(bodyAt));
        parsed = parse(correlationId, apiKey, apiVersion, reader) as typeof parsed;
      } catch (cause) {
        return callback(cause as Error);
      }
      callback(null, parsed);
    };
    waiting.push({ correlationId, settle, buffers: [head, ...payload.buffers] });
    sendWaiting();
  };

  function sendWaiting(): void {
    while (inFlight.length < inFlightMax) {
      const next = waiting.shift();
      if (next === undefined) return;
      if (!connected) {
        next.settle(why ?? new Error("the connection was closed"));
        continue;
      }
      inFlight.push(next);
      socket.cork();
      for (const buffer of next.buffers) socket.write(buffer);
      socket.uncork();
    }
  }

  function onData(chunk: Buffer): void {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= 4) {
      const end = 4 + rest.readInt32BE(0);
      if (end < 8 || end > answerMaxBytes) {
        socket.destroy(new Error(`an answer of ${end} bytes is none`));
        return;
      }
      if (rest.length < end) return;
      const answer = rest.subarray(4, end);
      rest = rest.subarray(end);
      // A broker answers the requests of a connection in their order.
      const asked = inFlight.shift();
      if (asked?.correlationId !== answer.readInt32BE(0)) {
        if (asked !== undefined) inFlight.unshift(asked);
        socket.destroy(new Error("an answer to what was not asked"));
        return;
      }
      asked.settle(undefined, answer);
    }
    sendWaiting();
  }

  return {
    send,
    socket,
    isConnected: () => connected,
    close: async () => {
      if (socket.closed) return;
      const closed = once(socket, "close");
      socket.destroySoon();
      await closed;
    },
  };
}

function requestHead(
  of: {
    readonly apiKey: number;
    readonly apiVersion: number;
    readonly correlationId: number;
    readonly clientId: Buffer;
    readonly hasTags: boolean;
  },
  bodyBytes: number,
): Buffer {
  const { apiKey, apiVersion, correlationId, clientId, hasTags } = of;
  const head = Buffer.allocUnsafe(14 + clientId.length + (hasTags ? 1 : 0));
  head.writeInt32BE(head.length - 4 + bodyBytes, 0);
  head.writeInt16BE(apiKey, 4);
  head.writeInt16BE(apiVersion, 6);
  head.writeInt32BE(correlationId, 8);
  head.writeInt16BE(clientId.length, 12);
  clientId.copy(head, 14);
  if (hasTags) head[head.length - 1] = 0;
  return head;
}
