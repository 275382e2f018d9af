/** An HTTP server that listens, and ends in good order. */
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import type { Clock } from "../clock.ts";
import { type AppOptions, createApp } from "./create-app.ts";
import { ListenError } from "./http-error.ts";
import { httpLimits } from "./limits.ts";

export type HttpOptions = AppOptions & {
  /** `HOST:PORT`, port 0 for any free one; `[::1]:PORT` for IPv6. */
  readonly listen: string;
  /** Aborted: the server closes as by `close`. */
  readonly signal?: AbortSignal;
};

export type HttpServer = {
  /** `http://HOST:PORT` with the port that it has. */
  readonly url: string;
  /** Takes no more requests, waits for the answers under way (up to a limit), then ends. Never rejects. */
  readonly close: () => Promise<void>;
};

/** Errors: `ListenError` when the address cannot be had. */
export async function startHttp(options: HttpOptions): Promise<HttpServer> {
  const { listen, signal, clock, limits = httpLimits } = options;
  const address = parseListen(listen);
  const app = createApp(options);
  app.server.maxConnections = limits.connections;
  try {
    await app.listen(address);
  } catch (error) {
    throw new ListenError(cannotListen(listen, error), { cause: error });
  }
  const { port } = app.server.address() as AddressInfo;
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= closeWithin(app, limits.closeMs, clock);
    return closing;
  };
  if (signal?.aborted) await close();
  else signal?.addEventListener("abort", () => void close(), { once: true });
  return { url: `http://${listen.slice(0, listen.lastIndexOf(":"))}:${port}`, close };
}

/** Errors: `ListenError` when it is not `HOST:PORT`. A host must be named: nothing listens everywhere by default. */
export function parseListen(listen: string): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})$/.exec(listen);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port > 65_535) {
    const shown = JSON.stringify(listen.slice(0, 100));
    throw new ListenError(`Cannot listen on ${shown}: write HOST:PORT, as in 127.0.0.1:8083.`);
  }
  return { host, port };
}

function cannotListen(listen: string, error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") {
    return `Cannot listen on ${listen}: the port is in use; choose another, or port 0 for any.`;
  }
  if (code === "EACCES") return `Cannot listen on ${listen}: this user may not use that port.`;
  return `Cannot listen on ${listen}: ${error instanceof Error ? error.message : String(error)}.`;
}

async function closeWithin(app: FastifyInstance, ms: number, clock: Clock): Promise<void> {
  const done = new AbortController();
  const cut = clock.sleep(ms, done.signal).then(
    () => app.server.closeAllConnections(),
    () => undefined,
  );
  await app.close();
  done.abort();
  await cut;
}
