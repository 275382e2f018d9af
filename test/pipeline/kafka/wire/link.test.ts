import { createServer, type Server, type Socket } from "node:net";
import { createAPI, Writer } from "@platformatic/kafka";
import { afterEach, expect, test } from "vitest";
import { systemClock } from "../../../../pipeline/clock.ts";
import { type Link, openLink } from "../../../../pipeline/kafka/wire/link.ts";
import { WireError } from "../../../../pipeline/kafka/wire/wire-error.ts";

/** A question that a server below answers by the number that was asked. */
const echo = createAPI<[number], number>(
  999,
  0,
  (value: number) => Writer.create().appendInt32(value),
  (_correlationId, _key, _version, reader) => {
    const value = reader.readInt32();
    if (value < 0) throw new WireError("corrupt", "a negative answer");
    return value;
  },
  false,
  false,
);

const opened: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

test("calls that are made at once share one connection, and each has its answer", async () => {
  const server = await serve(answer);
  const link = linkTo(server.port);
  expect(await Promise.all([1, 2, 3].map((value) => link.call(echo, [value])))).toEqual([1, 2, 3]);
  expect(server.connections()).toBe(1);
});

test("a connection that breaks in flight leaves the outcome unknown; the next call opens another", async () => {
  let calls = 0;
  const server = await serve((socket, frame) => {
    calls += 1;
    if (calls === 1) socket.destroy();
    else answer(socket, frame);
  });
  const link = linkTo(server.port);
  const broken = { code: "disconnected", definite: false };
  await expect(link.call(echo, [1])).rejects.toMatchObject(broken);
  expect(await link.call(echo, [2])).toBe(2);
  expect([calls, server.connections()]).toEqual([2, 2]);
});

test("an answer that does not come in time leaves the outcome unknown", async () => {
  const server = await serve(() => undefined);
  const link = linkTo(server.port, { requestTimeoutMs: 50 });
  const late = { code: "disconnected", definite: false };
  await expect(link.call(echo, [1])).rejects.toMatchObject(late);
});

test("nobody there: surely nothing was done", async () => {
  const server = await serve(answer);
  await server.close();
  const link = linkTo(server.port, { connectForMs: 50 });
  const nobody = { code: "unreachable", definite: true };
  await expect(link.call(echo, [1])).rejects.toMatchObject(nobody);
});

test("the second address is tried when the first does not answer", async () => {
  const dead = await serve(answer);
  await dead.close();
  const server = await serve(answer);
  const link = linkTo(dead.port, {}, server.port);
  expect(await link.call(echo, [7])).toBe(7);
});

test("an abort ends a call at once with its reason, and the link goes on", async () => {
  const server = await serve((socket, frame) => {
    if (frame.readInt32BE(frame.length - 4) === 2) answer(socket, frame);
  });
  const link = linkTo(server.port);
  const stop = new AbortController();
  const asked = link.call(echo, [1], stop.signal);
  await server.asked();
  const reason = new Error("enough");
  stop.abort(reason);
  await expect(asked).rejects.toBe(reason);
  expect(await link.call(echo, [2])).toBe(2);
});

test("what the parser finds impossible is its own error, and not a broken connection", async () => {
  const link = linkTo((await serve(answer)).port);
  await expect(link.call(echo, [-1])).rejects.toMatchObject({ code: "corrupt" });
  expect(await link.call(echo, [1])).toBe(1);
});

test("closing says so: to calls in flight without a verdict, to later ones for sure", async () => {
  const server = await serve(() => undefined);
  const link = linkTo(server.port);
  const asked = link.call(echo, [1]);
  const judged = expect(asked).rejects.toMatchObject({ code: "closed", definite: false });
  await server.asked();
  await link.close();
  await judged;
  const later = { code: "closed", definite: true };
  await expect(link.call(echo, [2])).rejects.toMatchObject(later);
});

type LinkVariant = { readonly requestTimeoutMs?: number; readonly connectForMs?: number };

function linkTo(port: number, variant: LinkVariant = {}, ...others: readonly number[]): Link {
  const addresses = [port, ...others].map((each) => ({ host: "127.0.0.1", port: each }));
  const limits = { requestTimeoutMs: 5_000, connectForMs: 5_000, ...variant };
  const link = openLink({ addresses, clientId: "test", clock: systemClock, ...limits });
  opened.push(link);
  return link;
}

/** Size, correlation id (bytes 4 to 8 of the request's header), and the last four bytes of the request. */
function answer(socket: Socket, frame: Buffer): void {
  const response = Buffer.alloc(12);
  response.writeInt32BE(8, 0);
  frame.copy(response, 4, 4, 8);
  frame.copy(response, 8, frame.length - 4);
  socket.write(response);
}

async function serve(onFrame: (socket: Socket, frame: Buffer) => void) {
  const sockets = new Set<Socket>();
  const asked = Promise.withResolvers<void>();
  let connections = 0;
  const server: Server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    let rest = Buffer.alloc(0);
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
        const end = 4 + rest.readInt32BE(0);
        const frame = rest.subarray(4, end);
        rest = rest.subarray(end);
        onFrame(socket, frame);
        asked.resolve();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  opened.push({ close });
  return { port, close, connections: () => connections, asked: () => asked.promise };
}
