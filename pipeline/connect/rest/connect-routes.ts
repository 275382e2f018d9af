/** Everything that a worker answers, in one table of contents. */
import type { FastifyInstance } from "fastify";
import type { Clock } from "../../clock.ts";
import { healthRoutes } from "../../http/health-routes.ts";
import { loggerRoutes } from "../../http/logger-routes.ts";
import type { Loggers } from "../../http/loggers.ts";
import { createMetrics } from "../../http/metrics.ts";
import { metricsRoutes } from "../../http/metrics-routes.ts";
import { readVersion } from "../../http/version.ts";
import type { Herder, LocalTask } from "../worker/herder.ts";
import { configRoutes } from "./config-routes.ts";
import { offsetRoutes } from "./offset-routes.ts";
import { type ConnectPlugin, pluginRoutes, type ValidateConfig } from "./plugin-routes.ts";
import { onceStarted } from "./started-herder.ts";
import { stateRoutes } from "./state-routes.ts";
import { taskMetrics } from "./task-metrics.ts";
import { topicRoutes } from "./topic-routes.ts";
import { workerMetrics } from "./worker-metrics.ts";

export type ConnectRoutesOptions = {
  readonly herder: Herder;
  readonly validate: ValidateConfig;
  readonly plugins: readonly ConnectPlugin[];
  readonly loggers: Loggers;
  readonly clock: Clock;
  readonly isLive: () => boolean;
  /** Adds `process_*` and `nodejs_*` to the metrics. */
  readonly processMetrics?: boolean;
};

export function connectRoutes(options: ConnectRoutesOptions): (app: FastifyInstance) => void {
  const { herder, validate, plugins, loggers, clock, isLive, processMetrics = false } = options;
  const version = readVersion();
  const started = onceStarted(herder);
  const metrics = createMetrics([...taskMetrics(herder, clock), ...workerMetrics(herder)], {
    process: processMetrics,
  });
  return (app) => {
    app.get("/", async () => {
      return { version, commit: "unknown", kafka_cluster_id: await herder.clusterId() };
    });
    configRoutes(app, started);
    stateRoutes(app, started);
    offsetRoutes(app, started);
    topicRoutes(app, started);
    pluginRoutes(app, { plugins, validate, version });
    loggerRoutes(app, loggers);
    metricsRoutes(app, metrics);
    const isStarted = (): boolean => herder.isReady();
    healthRoutes(app, { isLive, isStarted, isReady: () => herder.localTasks().every(isSettled) });
  };
}

/** A FAILED task is settled: only an operator mends it, and he needs the REST that an unready worker may lose. */
function isSettled({ state }: LocalTask): boolean {
  return state !== "UNASSIGNED" && state !== "RESTARTING";
}
