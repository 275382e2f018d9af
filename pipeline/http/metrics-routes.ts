/** `/metrics`, in Prometheus' text form 0.0.4. */
import type { FastifyInstance } from "fastify";
import type { Metrics } from "./metrics.ts";

export function metricsRoutes(app: FastifyInstance, metrics: Metrics): void {
  app.get("/metrics", async (_request, reply) => {
    void reply.type(metrics.contentType);
    return metrics.render();
  });
}
