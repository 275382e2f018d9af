/**
 * `/admin/loggers` as Connect has it. Differences: a logger that does not exist is a 404 on PUT, too (Connect makes
 * one, for any name that anyone sends), and `scope=cluster` is refused: each worker is asked.
 */
import type { FastifyInstance } from "fastify";
import { HttpError } from "./http-error.ts";
import { type Loggers, type LogLevel, parseLevel } from "./loggers.ts";

type Named = { Params: { logger: string }; Querystring: { scope?: unknown }; Body: unknown };

export function loggerRoutes(app: FastifyInstance, loggers: Loggers): void {
  app.get("/admin/loggers", async () => loggers.levels());
  app.get<Named>("/admin/loggers/:logger", async ({ params: { logger } }) => {
    return loggers.level(logger) ?? notFound(logger);
  });
  app.put<Named>("/admin/loggers/:logger", async ({ params: { logger }, query, body }) => {
    requireWorkerScope(query.scope);
    const affected = loggers.setLevel(logger, readLevel(body));
    return affected.length === 0 ? notFound(logger) : affected;
  });
}

function requireWorkerScope(scope: unknown): void {
  if (scope === undefined || scope === "worker") return;
  throw new HttpError(400, "Only scope=worker is offered: set the level on each worker.");
}

function readLevel(body: unknown): LogLevel {
  const level = typeof body === "object" && body !== null && "level" in body ? body.level : null;
  if (typeof level !== "string") {
    throw new HttpError(400, "Desired 'level' parameter was not specified in request.");
  }
  // Connect answers 404 here, not 400.
  return parseLevel(level) ?? refuse(404, `invalid log level '${level.slice(0, 40)}'.`);
}

function notFound(logger: string): never {
  return refuse(404, `Logger ${logger} not found.`);
}

function refuse(status: number, message: string): never {
  throw new HttpError(status, message);
}
