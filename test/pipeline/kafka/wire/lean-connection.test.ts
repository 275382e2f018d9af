import type { Socket } from "node:net";
import { type Connection, createAPI, Writer } from "@platformatic/kafka";
import { afterEach, expect, test } from "vitest";
import {
  type LinkConnection,
  openLeanConnection,
} from "../../../../pipeline/kafka/wire/lean-connection.ts";
import { answer, answerTo, echo, serveFrames } from "./frame-server.ts";

const opened: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

test("answers that come in pieces or together are put together and taken apart", async () => {
  const whole: Buffer[] = [];
  const connection = await connect((socket, frame) => {
    whole.push(answerTo(frame));
    if (whole.length < 2) return;
    const bytes = Buffer.concat(whole);
    socket.write(bytes.subarray(0, 7));
    setImmediate(() => socket.write(bytes.subarray(7, 19)));
    setImmediate(() => setImmediate(() => socket.write(bytes.subarray(19))));
  });
  expect(await Promise.all([1, 2].map((value) => ask(connection, value)))).toEqual([1, 2]);
});

test("the buffers of a request arrive whole and in order, however large", async () => {
  const parts = [1, 5_000_000, 3, 2_000_000].map((size, i) => Buffer.alloc(size, i + 1));
  const last = Buffer.from([0, 0, 0, 42]);
  let arrived: Buffer = Buffer.alloc(0);
  const connection = await connect((socket, frame) => {
    arrived = frame;
    answer(socket, frame);
  });
  const asked = Promise.withResolvers<number>();
  const inParts = createAPI<[], number>(
    999,
    0,
    () => [...parts, last].reduce((writer, part) => writer.append(part), Writer.create()),
    (_correlationId, _key, _version, reader) => reader.readInt32(),
    false,
    false,
  );
  inParts(connection as Connection, (error, value) =>
    error === null ? asked.resolve(value!) : asked.reject(error),
  );
  expect(await asked.promise).toBe(42);
  const body = Buffer.concat([...parts, last]);
  expect(arrived.subarray(arrived.length - body.length).equals(body)).toBe(true);
});

test("no more requests are under way than may be: the next waits for an answer", async () => {
  const held: (() => void)[] = [];
  const connection = await connect((socket, frame) => {
    held.push(() => answer(socket, Buffer.from(frame)));
    if (held.length === 2) setImmediate(() => held[0]!());
    if (held.length === 3) for (const each of held.slice(1)) each();
  });
  expect(await Promise.all([1, 2, 3].map((value) => ask(connection, value)))).toEqual([1, 2, 3]);
  expect(held).toHaveLength(3);
});

test.each([
  ["of an impossible size", Buffer.from([0x7f, 0, 0, 0, 0])],
  ["of a negative size", Buffer.from([0xff, 0, 0, 0, 0])],
  ["to what was not asked", Buffer.from([0, 0, 0, 8, 0, 0, 0, 77, 0, 0, 0, 1])],
])("an answer %s ends the connection, and all that was asked fails", async (_what, bytes) => {
  const connection = await connect((socket) => socket.write(bytes));
  const asked = [1, 2, 3].map((value) => ask(connection, value));
  for (const each of asked) await expect(each).rejects.toThrow(/answer/);
  expect(connection.isConnected()).toBe(false);
  await expect(ask(connection, 4)).rejects.toThrow(/answer/);
});

async function connect(onFrame: (socket: Socket, frame: Buffer) => void): Promise<LinkConnection> {
  const server = await serveFrames(onFrame);
  const address = { host: "127.0.0.1", port: server.port };
  const connection = await openLeanConnection(address, {
    ...{ clientId: "test", connectTimeoutMs: 5_000, requestTimeoutMs: 5_000, inFlightMax: 2 },
    onEnd: () => undefined,
  });
  opened.push(server, connection);
  return connection;
}

function ask(connection: LinkConnection, value: number): Promise<number> {
  return echo.async(connection as Connection, value);
}
