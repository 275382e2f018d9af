/**
 * The worker's HTTP: Connect's REST, loggers, health, readiness, metrics. Everything is asked of the `Herder`; the
 * routes only translate.
 */
import type { Clock } from "../../clock.ts";
import type { Loggers } from "../../http/loggers.ts";
import { type HttpServer, startHttp } from "../../http/start-http.ts";
import type { Logger } from "../../logger.ts";
import type { Herder } from "../worker/herder.ts";
import { connectRoutes } from "./connect-routes.ts";
import { explainError } from "./explain-error.ts";
import type { ConnectPlugin, ValidateConfig } from "./plugin-routes.ts";

export type ConnectHttpOptions = {
  /** `HOST:PORT`; port 0 for any free one. */
  readonly listen: string;
  readonly herder: Herder;
  /** Connect's answer to `…/config/validate`, as `validateConnect` of describe-config.ts gives it. */
  readonly validate: ValidateConfig;
  readonly plugins: readonly ConnectPlugin[];
  readonly loggers: Loggers;
  readonly log: Logger;
  /** The wall clock, also in a run with a clock of its own: Kafka's record timestamps are of it, so lag is, too. */
  readonly clock: Clock;
  /** Aborted: closes as by `close`. Leave it out to answer while tasks stop. */
  readonly signal?: AbortSignal;
  /** Do the worker's own loops live? False makes `/health` 500. */
  readonly isLive: () => boolean;
};

/** Errors: `ListenError`. */
export function startConnectHttp(options: ConnectHttpOptions): Promise<HttpServer> {
  const { listen, log, clock, signal } = options;
  return startHttp({
    listen,
    log,
    clock,
    routes: connectRoutes({ ...options, processMetrics: true }),
    explain: explainError,
    ...(signal && { signal }),
  });
}
