/** Instances in memory whose HTTP is asked without a port. */
import { createAggregatorMeter } from "../../../../pipeline/aggregator/aggregator-meter.ts";
import type { AggregatorConfig } from "../../../../pipeline/aggregator/config.ts";
import { aggregatorRoutes } from "../../../../pipeline/aggregator/service/start-service.ts";
import type {
  AggregatorStatus,
  AggregatorView,
} from "../../../../pipeline/aggregator/service/status.ts";
import { createApp } from "../../../../pipeline/http/create-app.ts";
import { parseMetrics } from "../../http/parse-metrics.ts";
import { silent } from "../../http/silent-log.ts";
import { createWorld } from "../aggregator-world.ts";

export type Asked = {
  readonly status: () => Promise<AggregatorStatus>;
  readonly metrics: () => Promise<ReturnType<typeof parseMetrics>>;
  /** HTTP status of `/health` and `/ready`. */
  readonly probes: () => Promise<readonly [health: number, ready: number]>;
};

export function askOf(view: AggregatorView): Asked {
  const routes = aggregatorRoutes({ ...view, processMetrics: false });
  const app = createApp({ log: silent, clock: view.wallClock, routes });
  const get = (url: string) => app.inject({ method: "GET", url });
  return {
    status: async () => (await get("/status")).json(),
    metrics: async () => parseMetrics((await get("/metrics")).body),
    probes: async () => [(await get("/health")).statusCode, (await get("/ready")).statusCode],
  };
}

export function createServiceWorld(settings: Partial<AggregatorConfig> = {}) {
  const world = createWorld(settings);

  /** An instance, and its HTTP. Time stands still while it is asked. */
  function serve(slot: number) {
    const { promise: ready, resolve: onReady } = Promise.withResolvers<void>();
    const stopping = new AbortController();
    const { signal } = stopping;
    const meter = createAggregatorMeter();
    const asked = askOf({
      meter,
      config: world.config,
      version: "1.2.3",
      slot,
      signal,
      wallClock: world.clock,
    });
    const instance = world.start(slot, { meter, signal, onReady });
    const stop = (): void => stopping.abort(new Error("SIGTERM"));
    return { ...asked, meter, ready, done: instance.done, stop };
  }

  return { ...world, serve };
}
