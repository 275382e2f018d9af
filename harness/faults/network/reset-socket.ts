import type { Socket } from "node:net";

/**
 * RST where it can be had: Node ends a socket before it resets it, so one that has bytes left waits for its reader, and
 * one that is just ending stays open for ever (libuv refuses). Those are closed.
 */
export function resetSocket(socket: Socket): void {
  if (socket.connecting || socket.writableEnded || socket.writableLength > 0) socket.destroy();
  else socket.resetAndDestroy();
}
