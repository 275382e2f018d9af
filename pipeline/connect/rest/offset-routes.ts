/** A job's committed offsets. Stop, DELETE or PATCH them, resume: that is how everything is read again. */
import type { FastifyInstance } from "fastify";
import { readOffsets, writeOffsets } from "./offset-body.ts";
import type { StartedHerder } from "./started-herder.ts";

type Named = { Params: { name: string }; Body: unknown };

export function offsetRoutes(app: FastifyInstance, started: StartedHerder): void {
  app.get<Named>("/connectors/:name/offsets", async ({ params }) => {
    return writeOffsets(await started().offsets(params.name));
  });
  app.patch<Named>("/connectors/:name/offsets", async ({ params, body }) => {
    await started().alterOffsets(params.name, readOffsets(body));
    return { message: "The offsets for this connector have been altered successfully" };
  });
  app.delete<Named>("/connectors/:name/offsets", async ({ params }) => {
    await started().resetOffsets(params.name);
    return { message: "The offsets for this connector have been reset successfully" };
  });
}
