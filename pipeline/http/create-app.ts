/**
 * The HTTP shell around routes: limits, JSON only, and every error in Connect's form, whoever raised it: a route, the
 * framework, or Node's parser of HTTP. No stack and no message of an unforeseen error leaves the process: it may hold
 * a path or a secret; the log has it, under the id that the client is told.
 */
import type { Socket } from "node:net";
import {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  type HTTPMethods,
} from "fastify";
import type { Clock } from "../clock.ts";
import type { Logger } from "../logger.ts";
import { errorBody, HttpError } from "./http-error.ts";
import { type HttpLimits, httpLimits } from "./limits.ts";

export type AppOptions = {
  readonly log: Logger;
  readonly clock: Clock;
  readonly routes: (app: FastifyInstance) => void;
  /** What errors of the routes' own kinds mean to a client; undefined: unforeseen, 500. */
  readonly explain?: (error: unknown) => HttpError | undefined;
  readonly limits?: HttpLimits;
};

/** Not listening yet: `startHttp` does that; tests inject requests. */
export function createApp(options: AppOptions): FastifyInstance {
  const { log, clock, routes, limits = httpLimits } = options;
  const app = fastify({
    logger: false,
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestMs,
    handlerTimeout: limits.answerMs,
    routerOptions: { maxParamLength: limits.nameLength, ignoreTrailingSlash: true },
    http: {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: Math.min(5_000, limits.requestMs),
      connectionsCheckingInterval: 500,
    },
    frameworkErrors: (error, _request, reply: FastifyReply) => {
      const status = error.statusCode ?? 400;
      void reply.code(status).send(errorBody(status, error.message));
    },
    clientErrorHandler: answerUnreadable,
  });
  readJsonOnly(app);
  answerErrors(app, options);
  logAccess(app, log, clock);
  const known = collectMethods(app);
  routes(app);
  refuseOtherMethods(app, known);
  return app;
}

/** An empty body is none, whatever its type says: clients set `content-type: application/json` on every PUT. */
function readJsonOnly(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body.length === 0) done(null, undefined);
    else void parse(request, body as string, done);
  });
}

function answerErrors(app: FastifyInstance, { log, explain }: AppOptions): void {
  app.setNotFoundHandler((request, reply) => {
    void reply
      .code(404)
      .send(errorBody(404, `There is no ${request.method} ${path(request)} here.`));
  });
  app.setErrorHandler((error, request, reply) => {
    const answer = toHttpError(error, explain);
    if (answer === undefined) {
      log.error({ err: error, request: request.id }, "a request met an unforeseen error");
      const message = `The worker failed to answer; its log says why, under request ${request.id}.`;
      void reply.code(500).send(errorBody(500, message));
      return;
    }
    void reply.code(answer.status).send(errorBody(answer.status, answer.message));
  });
}

function toHttpError(error: unknown, explain: AppOptions["explain"]): HttpError | undefined {
  if (error instanceof HttpError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return code.startsWith("FST_") ? fromFramework(error as FastifyError) : explain?.(error);
}

function fromFramework({ code, statusCode = 500, message }: FastifyError): HttpError | undefined {
  if (code === "FST_ERR_HANDLER_TIMEOUT") {
    return new HttpError(500, "Request timed out: the worker is still at it; look at the status.");
  }
  return statusCode < 500 ? new HttpError(statusCode, message) : undefined;
}

function logAccess(app: FastifyInstance, log: Logger, clock: Clock): void {
  const startedAt = new WeakMap<FastifyRequest, number>();
  app.addHook("onRequest", async (request) => {
    startedAt.set(request, clock.monotonicMs());
  });
  app.addHook("onResponse", async (request, reply) => {
    const durationMs = clock.monotonicMs() - (startedAt.get(request) ?? clock.monotonicMs());
    const { id, method } = request;
    log.debug(
      { request: id, method, path: path(request), status: reply.statusCode, durationMs },
      "answered",
    );
  });
}

/** As it was sent, still percent-encoded, without the query; cut, for it goes into logs and answers. */
function path(request: FastifyRequest): string {
  return request.url.replace(/\?.*$/s, "").slice(0, 200);
}

const allMethods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

function collectMethods(app: FastifyInstance): ReadonlyMap<string, Set<string>> {
  const known = new Map<string, Set<string>>();
  app.addHook("onRoute", ({ url, method }) => {
    const methods = known.get(url) ?? new Set();
    known.set(url, methods);
    for (const one of [method].flat()) methods.add(one);
  });
  return known;
}

/** 405 with the methods that there are; the framework itself would say 404. */
function refuseOtherMethods(app: FastifyInstance, known: ReadonlyMap<string, Set<string>>): void {
  for (const [url, methods] of [...known]) {
    const allow = [...methods].sort().join(", ");
    const method: HTTPMethods[] = allMethods.filter((one) => !methods.has(one));
    app.route({
      url,
      method,
      exposeHeadRoute: false,
      handler: async (request, reply) => {
        void reply.header("allow", allow);
        throw new HttpError(405, `${request.method} is not allowed here; there is ${allow}.`);
      },
    });
  }
}

const unreadable: Readonly<Record<string, { status: number; phrase: string }>> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, phrase: "Request Timeout" },
  HPE_HEADER_OVERFLOW: { status: 431, phrase: "Request Header Fields Too Large" },
};

/** Before there is a request: Node could not read one, or waited in vain for its end. */
function answerUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, phrase } = unreadable[error.code ?? ""] ?? { status: 400, phrase: "Bad Request" };
  const body = JSON.stringify(errorBody(status, phrase));
  socket.end(
    `HTTP/1.1 ${status} ${phrase}\r\nconnection: close\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
