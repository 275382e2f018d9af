/** `/health` (is the process well?) in the shape of KIP-1017, and `/ready` (may traffic and rolling restarts go on?). */
import type { FastifyInstance } from "fastify";

export type Health = {
  /** False: something that everything here rests on has ended; only a restart mends it. */
  readonly isLive: () => boolean;
  /** False while starting: it cannot answer for what it does yet. */
  readonly isStarted: () => boolean;
  /** Has every task what it needs to work? Readiness of an orchestrator. */
  readonly isReady: () => boolean;
};

const messages = {
  healthy: "Worker has completed startup and is ready to handle requests.",
  starting: "Worker is still starting up.",
  unhealthy: "Worker is unable to do its work and needs a restart; its log says why.",
} as const;

export function healthRoutes(app: FastifyInstance, health: Health): void {
  app.get("/health", async (_request, reply) => {
    const status = health.isLive() ? (health.isStarted() ? "healthy" : "starting") : "unhealthy";
    void reply.code({ healthy: 200, starting: 503, unhealthy: 500 }[status]);
    return { status, message: messages[status] };
  });
  app.get("/ready", async (_request, reply) => {
    const ready = health.isLive() && health.isStarted() && health.isReady();
    void reply.code(ready ? 200 : 503);
    return { ready };
  });
}
