/** What a job and its tasks do, and what they are told to do. */
import type { FastifyInstance } from "fastify";
import { HttpError } from "../../http/http-error.ts";
import type { TargetState } from "../worker/herder.ts";
import { shown } from "./config-routes.ts";
import type { StartedHerder } from "./started-herder.ts";

type Named = { Params: { name: string } };
type OfTask = { Params: { name: string; task: string } };
type Restart = Named & { Querystring: Readonly<Record<string, unknown>> };

const targets = [
  { verb: "pause", target: "PAUSED", status: 202 },
  { verb: "resume", target: "RUNNING", status: 202 },
  { verb: "stop", target: "STOPPED", status: 204 },
] as const satisfies readonly { verb: string; target: TargetState; status: number }[];

export function stateRoutes(app: FastifyInstance, started: StartedHerder): void {
  app.get<Named>("/connectors/:name/status", async ({ params }) => started().status(params.name));
  for (const { verb, target, status } of targets) {
    app.put<Named>(`/connectors/:name/${verb}`, async ({ params }, reply) => {
      await started().setTarget(params.name, target);
      return reply.code(status).send();
    });
  }
  app.post<Restart>("/connectors/:name/restart", async ({ params, query }, reply) => {
    const includeTasks = readFlag(query, "includeTasks");
    const onlyFailed = readFlag(query, "onlyFailed");
    const status = await started().restart(params.name, { includeTasks, onlyFailed });
    // Without either, only the connector is restarted and its tasks are left as they are, as in Connect.
    if (!includeTasks && !onlyFailed) return reply.code(204).send();
    void reply.code(202);
    return status;
  });
  taskRoutes(app, started);
}

function taskRoutes(app: FastifyInstance, started: StartedHerder): void {
  app.get<Named>("/connectors/:name/tasks", async ({ params }) => {
    const { tasks, config } = shown(started().info(params.name));
    return tasks.map((id) => ({ id, config }));
  });
  app.get<OfTask>("/connectors/:name/tasks/:task/status", async ({ params: { name, task } }) => {
    const { tasks } = started().status(name);
    const found = tasks.find(({ id }) => String(id) === task);
    if (found === undefined) throw new HttpError(404, `No status found for task ${name}-${task}`);
    return found;
  });
  app.post<OfTask>("/connectors/:name/tasks/:task/restart", async ({ params }, reply) => {
    const { name, task } = params;
    if (!/^\d{1,9}$/.test(task)) throw new HttpError(404, `Unknown task: ${name}-${task}`);
    await started().restartTask(name, Number(task));
    return reply.code(204).send();
  });
}

/** Absent is false. Errors: 400 for another word, which Connect would read as false. */
function readFlag(query: Readonly<Record<string, unknown>>, key: string): boolean {
  const value = query[key];
  if (value === undefined || value === "false") return false;
  if (value === "true") return true;
  throw new HttpError(400, `'${key}' must be true or false, once.`);
}
