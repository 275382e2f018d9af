/**
 * An HTTP proxy on loopback in front of Elasticsearch that can answer bulk requests 429, whole or a share of their
 * items. Everything else passes as it is. Non-goals: compressed bodies (they pass), TLS.
 */
import { once } from "node:events";
import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import type { Clock } from "../../../simulator/clock.ts";
import { type ActiveToxic, activate } from "./active-toxic.ts";
import { everySo, mergeAnswer, splitBulk, wholeRejection } from "./bulk-items.ts";
import type { LinkProxy } from "./link-proxy.ts";

/** The jobs send 5 MB at most; a single document may be larger, up to what Elasticsearch itself takes. */
const bodyMost = 100 * 1024 * 1024;

/** `upstream`: Elasticsearch. Errors: the operating system's, of `listen`. */
export async function openOverloadProxy(
  upstream: { readonly host: string; readonly port: number },
  clock: Clock,
): Promise<LinkProxy> {
  const agent = new Agent({ keepAlive: true });
  let active: { readonly toxic: ActiveToxic; readonly isRefused: () => boolean } | undefined;

  const ask = async (options: RequestOptions, body: Buffer | IncomingMessage) => {
    const asked = httpRequest({ ...upstream, agent, ...options });
    asked.on("error", () => undefined); // One behind the answer has no other listener.
    const answered = once(asked, "response") as Promise<[IncomingMessage]>;
    await Promise.all([answered, Buffer.isBuffer(body) ? asked.end(body) : pipeline(body, asked)]);
    const [answer] = await answered;
    return answer;
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url: path, headers } = request;
    const options = { method, path, headers };
    const isPlain = headers["content-encoding"] === undefined;
    const length = Number(headers["content-length"] ?? Number.POSITIVE_INFINITY);
    const isBulk = path?.split("?")[0]?.endsWith("/_bulk") === true && isPlain;
    if (active === undefined || !isBulk || length > bodyMost) {
      const answer = await ask(options, request);
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      return await pipeline(answer, response);
    }
    const { toxic, isRefused } = active;
    const { kept, refused, refusals } = splitBulk(await buffer(request), isRefused);
    if (refused > 0) toxic.note(request.socket, 0, refused);
    if (kept.length === 0) {
      const whole = toxic.toxic.kind === "overload" && toxic.toxic.share === 1;
      return answerWith(
        response,
        whole ? 429 : 200,
        whole ? wholeRejection : mergeAnswer({}, refusals),
      );
    }
    const shorter = { ...headers, "content-length": String(kept.length) };
    const answer = await ask({ ...options, headers: shorter }, kept);
    const text = await buffer(answer);
    const { statusCode = 502 } = answer;
    if (refused === 0 || statusCode !== 200) {
      response.writeHead(statusCode, answer.headers).end(text);
      return;
    }
    answerWith(response, 200, mergeAnswer(JSON.parse(text.toString()) as object, refusals));
  }

  const server = createServer((request, response) => {
    // A client that has gone, or a server: the other side is told by the end of its connection.
    handle(request, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 0; // Like Elasticsearch, it closes no connection that is idle.
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    begin(toxic) {
      if (active !== undefined) throw new Error("Elasticsearch is overloaded already.");
      const end = new AbortController();
      const now = activate(toxic, clock, end.signal);
      const share = toxic.kind === "overload" ? toxic.share : 0;
      active = { toxic: now, isRefused: everySo(share) };
      return {
        trace: now.trace,
        async end() {
          if (end.signal.aborted) return;
          end.abort(new Error("the overload is over"));
          active = undefined;
        },
      };
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
}

function answerWith(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  // The official client refuses to talk to a server that does not say so.
  const headers = { "content-type": "application/json", "x-elastic-product": "Elasticsearch" };
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(text) }).end(text);
}
