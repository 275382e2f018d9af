/** Puts bytes into the far socket of a link: at once, at a pace, or in pieces, as the link's toxic says. */
import { once } from "node:events";
import type { Socket } from "node:net";
import type { ActiveToxic } from "./active-toxic.ts";
import type { Direction } from "./toxic.ts";

/** So finely is a narrow link's time cut. */
const paceMs = 50;
const pieceMost = 65_536;

/** Resolves when there is room for more. `signal`: the connection is over. Errors: the socket's; the signal's reason. */
export async function deliver(
  bytes: Buffer,
  to: { readonly sink: Socket; readonly direction: Direction; readonly connection: object },
  active: ActiveToxic | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { sink, direction, connection } = to;
  const most = pieceOf(active);
  if (active === undefined || most === undefined) {
    if (!sink.write(bytes)) await once(sink, "drain", { signal });
    return;
  }
  const { toxic, over, pace, note } = active;
  for (let at = 0; at < bytes.length; ) {
    // Healed in the meantime: the rest passes.
    const piece = bytes.subarray(at, over.aborted ? bytes.length : at + most);
    if (toxic.kind === "narrow") await pace(direction, piece.length, toxic.bytesPerSecond);
    signal.throwIfAborted();
    await flush(sink, piece);
    if (!over.aborted) note(connection, piece.length, 1);
    at += piece.length;
  }
}

/** How much passes at once; undefined: all. */
function pieceOf(active: ActiveToxic | undefined): number | undefined {
  const toxic = active?.toxic;
  if (toxic?.kind === "slice") return toxic.bytes;
  if (toxic?.kind !== "narrow") return undefined;
  return Math.max(1, Math.min(pieceMost, Math.floor((toxic.bytesPerSecond * paceMs) / 1_000)));
}

/** Resolves when the kernel has the bytes: they are not joined with what follows. */
function flush(sink: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    sink.write(bytes, (error) => {
      if (error == null) resolve();
      else reject(error);
    });
  });
}
