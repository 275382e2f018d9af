/** The worker's routes over a fake herder, asked by injected requests: no port is opened. */
import type { FastifyInstance } from "fastify";
import { pino } from "pino";
import { systemClock } from "../../../../pipeline/clock.ts";
import { connectRoutes } from "../../../../pipeline/connect/rest/connect-routes.ts";
import { explainError } from "../../../../pipeline/connect/rest/explain-error.ts";
import { createApp } from "../../../../pipeline/http/create-app.ts";
import { createLoggers } from "../../../../pipeline/http/loggers.ts";
import { createFakeHerder, type FakeHerder } from "./fake-herder.ts";

type Method = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";

type Answer = {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, unknown>>;
};

export type RestApp = {
  readonly app: FastifyInstance;
  readonly herder: FakeHerder;
  /** `body` is sent as JSON. */
  readonly ask: (method: Method, url: string, body?: unknown) => Promise<Answer>;
  readonly setLive: (live: boolean) => void;
};

export const elastic = "io.lenses.streamreactor.connect.elastic7.ElasticSinkConnector";

export function createRestApp({ now = 0 }: { now?: number } = {}): RestApp {
  const herder = createFakeHerder();
  const log = pino({ level: "silent" }, { write: () => undefined });
  const clock = { ...systemClock, now: () => now };
  let live = true;
  const app = createApp({
    log,
    clock,
    routes: connectRoutes({
      herder,
      validate: (config) => ({ name: config["connector.class"], error_count: 0, configs: [] }),
      plugins: [{ class: elastic, definitions: () => [{ name: "topics" }] }],
      loggers: createLoggers(log, clock),
      clock,
      isLive: () => live,
    }),
    explain: explainError,
  });
  const ask: RestApp["ask"] = async (method, url, body) => {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const answer = await app.inject({
      method,
      url,
      ...(payload !== undefined && { payload, headers: { "content-type": "application/json" } }),
    });
    const isJson = String(answer.headers["content-type"]).startsWith("application/json");
    return {
      status: answer.statusCode,
      body: isJson && answer.body !== "" ? answer.json() : answer.body,
      headers: answer.headers,
    };
  };
  const setLive = (now: boolean): void => {
    live = now;
  };
  return { app, herder, ask, setLive };
}
