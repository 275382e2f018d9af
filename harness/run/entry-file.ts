/** Entry files of child processes. tsc rewrites the endings of imports but not of URLs: ours says which it is. */
import { extname } from "node:path";
import { fileURLToPath } from "node:url";

const ending = extname(import.meta.url);

const entry = (path: string): string =>
  fileURLToPath(new URL(`../../${path}${ending}`, import.meta.url));

export const entryFiles = {
  job: entry("pipeline/start-job"),
  worker: entry("simulator/start-worker"),
  observer: entry("harness/observe/start-observer"),
  /** Loaded into each of them before its own code. */
  pauses: entry("harness/process/pauses/report-pauses"),
} as const;
