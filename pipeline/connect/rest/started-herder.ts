/** The herder, once it may answer for the cluster. */
import { HttpError } from "../../http/http-error.ts";
import type { Herder } from "../worker/herder.ts";

/** Errors: `HttpError` 503 while the worker reads its topics. */
export type StartedHerder = () => Herder;

export function onceStarted(herder: Herder): StartedHerder {
  return () => {
    if (herder.isReady()) return herder;
    throw new HttpError(503, "Worker is still starting up: ask again in a moment.");
  };
}
