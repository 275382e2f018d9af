/** Where a job's records come from, and what it keeps for how long: the topics it has read, the indices past their days. */
import type { FastifyInstance } from "fastify";
import type { RetirableIndex } from "../../sinks/sink.ts";
import type { StartedHerder } from "./started-herder.ts";

type Named = { Params: { name: string } };

export function topicRoutes(app: FastifyInstance, started: StartedHerder): void {
  app.get<Named>("/connectors/:name/topics", async ({ params: { name } }) => {
    return Object.fromEntries([[name, { topics: started().topics(name) }]]);
  });
  app.put<Named>("/connectors/:name/topics/reset", async ({ params: { name } }, reply) => {
    await started().resetTopics(name);
    return reply.code(202).send();
  });
  // Ours: the dry run of `retire.after.days`. It closes and deletes nothing.
  app.get<Named>("/connectors/:name/retirement", async ({ params: { name } }) => {
    const due = await started().retirable(name);
    return { connector: name, due: due.map(showIndex) };
  });
}

function showIndex({ index, endMs, state }: RetirableIndex): object {
  return { index, day_ended_at: new Date(endMs).toISOString(), state };
}
