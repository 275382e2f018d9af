/** One client's connection through a link: two flows, and what the link's toxic does to them. */
import type { Socket } from "node:net";
import type { Clock } from "../../../simulator/clock.ts";
import type { ActiveToxic } from "./active-toxic.ts";
import { deliver } from "./deliver.ts";
import { createFlow, type Flow } from "./flow.ts";
import { resetSocket } from "./reset-socket.ts";
import { type Direction, directions } from "./toxic.ts";

/** An RST throws away what the other side has not read yet: it gets this long. */
const readWithinMs = 10;

export type Connection = {
  /** Its next request is broken off, or its next response lost, as the toxic says. */
  readonly arm: () => void;
  /** Resets both sides when bytes of it were swallowed. */
  readonly heal: () => void;
  /** RST to both sides. */
  readonly reset: () => void;
};

/** Monotonic. `after`: what is done when the bytes are with the kernel. */
type Passed = { readonly bytes: Buffer; readonly dueMs: number; readonly after?: () => void };

export function createConnection(options: {
  readonly client: Socket;
  readonly server: Socket;
  readonly active: () => ActiveToxic | undefined;
  readonly clock: Clock;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  readonly onGone: (connection: Connection) => void;
}): Connection {
  const { client, server, active, clock, random, onGone } = options;
  const over = new AbortController();
  const sides = { requests: [client, server], responses: [server, client] } as const;
  let lostBytes = false;
  /** Undefined: not armed. Else how many bytes of responses pass before the end. */
  let remaining: number | undefined;
  let isEnding = false;

  const close = (how: (socket: Socket) => void): void => {
    if (over.signal.aborted) return;
    over.abort(new Error("the connection is over"));
    for (const socket of [client, server]) how(socket);
    onGone(connection);
  };
  const connection: Connection = {
    arm() {
      const toxic = active()?.toxic;
      remaining ??= toxic?.kind === "lose" ? toxic.bytes : 0;
    },
    heal() {
      remaining = undefined;
      if (lostBytes) connection.reset();
    },
    reset: () => close(resetSocket),
  };
  const resetSoon = (): void =>
    void clock.sleep(readWithinMs, over.signal).then(connection.reset, () => undefined);
  const flows: Readonly<Record<Direction, Flow>> = {
    requests: flowOf("requests"),
    responses: flowOf("responses"),
  };

  function flowOf(direction: Direction): Flow {
    const [source, sink] = sides[direction];
    const { signal } = over;
    const to = { sink, direction, connection };
    const write = (bytes: Buffer): Promise<void> => deliver(bytes, to, active(), signal);
    return createFlow({ source, sink, write, clock, signal, broken: connection.reset });
  }

  function receive(direction: Direction, bytes: Buffer): void {
    if (isEnding) return;
    const passed = treat(direction, bytes);
    if (passed !== undefined) flows[direction].push(passed.bytes, passed.dueMs, passed.after);
  }

  /** What the toxic leaves of these bytes, when they may pass, and what follows them; undefined: nothing. */
  function treat(direction: Direction, bytes: Buffer): Passed | undefined {
    const now = active();
    const nowMs = clock.monotonicMs();
    const asItIs = { bytes, dueMs: nowMs };
    if (now === undefined) return asItIs;
    const { toxic, note } = now;
    switch (toxic.kind) {
      case "cut":
        if (!toxic.ways.includes(direction)) return asItIs;
        lostBytes = true;
        note(connection, bytes.length);
        return undefined;
      case "delay":
        if (!toxic.ways.includes(direction)) return asItIs;
        note(connection, bytes.length);
        return { bytes, dueMs: nowMs + toxic.byMs + (2 * random() - 1) * toxic.jitterMs };
      case "reset": {
        if (remaining === undefined || direction !== "requests") return asItIs;
        isEnding = true;
        note(connection, bytes.length, 1);
        const half = bytes.subarray(0, bytes.length >> 1);
        return { bytes: half, dueMs: nowMs, after: resetSoon };
      }
      case "lose": {
        if (remaining === undefined || direction !== "responses") return asItIs;
        const passed = bytes.subarray(0, remaining);
        remaining -= passed.length;
        if (passed.length === bytes.length) return asItIs;
        isEnding = true;
        note(connection, bytes.length - passed.length, 1);
        return { bytes: passed, dueMs: nowMs, after: () => close((socket) => socket.destroy()) };
      }
      default:
        return asItIs;
    }
  }

  /** Through a cut nobody hears of an end either. */
  function isSwallowed(direction: Direction): boolean {
    const toxic = active()?.toxic;
    return toxic?.kind === "cut" && toxic.ways.includes(direction);
  }

  for (const direction of directions) {
    const [source] = sides[direction];
    source.setNoDelay(true);
    source.on("data", (bytes: Buffer) => receive(direction, bytes));
    source.on("end", () => {
      if (isSwallowed(direction)) lostBytes = true;
      else flows[direction].end(clock.monotonicMs());
    });
    source.on("error", () => {
      if (isSwallowed(direction)) lostBytes = true;
      else connection.reset();
    });
    source.on("close", () => {
      if (client.destroyed && server.destroyed) close(() => undefined);
    });
  }
  return connection;
}
