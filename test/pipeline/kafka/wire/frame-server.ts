/** A server that takes requests framed as Kafka's are, for tests of connections: a test says what it answers. */
import { createServer, type Server, type Socket } from "node:net";
import { createAPI, Writer } from "@platformatic/kafka";
import { WireError } from "../../../../pipeline/kafka/wire/wire-error.ts";

/** A question that `answer` answers by the number that was asked. */
export const echo = createAPI<[number], number>(
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

/** Size, correlation id (bytes 4 to 8 of the request's header), and the last four bytes of the request. */
export function answerTo(frame: Buffer): Buffer {
  const response = Buffer.alloc(12);
  response.writeInt32BE(8, 0);
  frame.copy(response, 4, 4, 8);
  frame.copy(response, 8, frame.length - 4);
  return response;
}

export function answer(socket: Socket, frame: Buffer): void {
  socket.write(answerTo(frame));
}

/** `onFrame` is given each request without its size. */
export async function serveFrames(onFrame: (socket: Socket, frame: Buffer) => void) {
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
  return { port, close, connections: () => connections, asked: () => asked.promise };
}
