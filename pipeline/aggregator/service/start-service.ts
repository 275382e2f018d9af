/** The aggregator's HTTP: `/status`, `/metrics`, `/health`, `/ready`. It tells; nothing can be changed through it. */
import type { FastifyInstance } from "fastify";
import { healthRoutes } from "../../http/health-routes.ts";
import { createMetrics } from "../../http/metrics.ts";
import { metricsRoutes } from "../../http/metrics-routes.ts";
import { type HttpServer, startHttp } from "../../http/start-http.ts";
import type { Logger } from "../../logger.ts";
import { aggregatorMetrics } from "./metrics.ts";
import { type AggregatorView, describeStatus, lifeOf } from "./status.ts";

export type ServiceOptions = AggregatorView & {
  /** `HOST:PORT`; port 0 for any free one. */
  readonly listen: string;
  readonly log: Logger;
  /** Adds `process_*` and `nodejs_*` to the metrics: for a job that is its own process. */
  readonly processMetrics: boolean;
};

/** Errors: `ListenError`. The caller closes it, after the loop has ended: until then it says `stopping`. */
export function startAggregatorService(options: ServiceOptions): Promise<HttpServer> {
  const { listen, log, wallClock } = options;
  return startHttp({ listen, log, clock: wallClock, routes: aggregatorRoutes(options) });
}

/** `/ready`: the partitions that the group gave to this instance are recovered and read. */
export function aggregatorRoutes(
  options: AggregatorView & Pick<ServiceOptions, "processMetrics">,
): (app: FastifyInstance) => void {
  const metrics = createMetrics(aggregatorMetrics(options), { process: options.processMetrics });
  return (app) => {
    app.get("/", async () => ({ version: options.version, group: options.config.group }));
    app.get("/status", async () => describeStatus(options));
    metricsRoutes(app, metrics);
    healthRoutes(app, {
      // A loop that cannot go on ends the process; nothing here outlives it.
      isLive: () => true,
      isStarted: () => options.meter.phase !== "starting",
      isReady: () => lifeOf(options) === "running",
    });
  };
}
