/** Jobs and their configs: list, create, read, change, delete. */
import type { FastifyInstance } from "fastify";
import type { ConnectorInfo, Herder } from "../worker/herder.ts";
import { readConfig, readCreation, readPatch } from "./config-body.ts";
import type { StartedHerder } from "./started-herder.ts";

type Named = { Params: { name: string }; Body: unknown };

export function configRoutes(app: FastifyInstance, started: StartedHerder): void {
  app.get<{ Querystring: { expand?: string | string[] } }>("/connectors", async ({ query }) => {
    const herder = started();
    if (query.expand === undefined) return herder.names();
    const parts = [query.expand].flat();
    return Object.fromEntries(herder.names().map((name) => [name, expand(herder, name, parts)]));
  });
  app.post("/connectors", async (request, reply) => {
    const { name, config, initial } = readCreation(request.body);
    const info = await started().create(name, config, initial);
    void reply.code(201).header("location", location(name));
    return shown(info);
  });
  app.get<Named>("/connectors/:name", async ({ params }) => shown(started().info(params.name)));
  app.get<Named>("/connectors/:name/config", async ({ params }) => {
    return shown(started().info(params.name)).config;
  });
  app.put<Named>("/connectors/:name/config", async ({ params: { name }, body }, reply) => {
    const { created, info } = await started().putConfig(name, readConfig(body, name));
    if (created) void reply.code(201).header("location", location(name));
    return shown(info);
  });
  app.patch<Named>("/connectors/:name/config", async ({ params: { name }, body }) => {
    return shown(await started().patchConfig(name, readPatch(body, name)));
  });
  app.delete<Named>("/connectors/:name", async ({ params: { name } }, reply) => {
    await started().delete(name);
    return reply.code(204).send();
  });
}

/** An expansion that is not known is passed over, as in Connect. */
function expand(herder: Herder, name: string, parts: readonly string[]): Record<string, unknown> {
  return {
    ...(parts.includes("status") && { status: herder.status(name) }),
    ...(parts.includes("info") && { info: shown(herder.info(name)) }),
  };
}

/**
 * Connect's config always holds its name. Values are those that were given: `${env:…}` and `${file:…}` stay as they
 * are, so a secret that is referred to is not shown; one that is written out is, as in Connect.
 */
export function shown(info: ConnectorInfo): ConnectorInfo {
  return { ...info, config: { name: info.name, ...info.config } };
}

function location(name: string): string {
  return `/connectors/${encodeURIComponent(name)}`;
}
