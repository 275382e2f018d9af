/** An entry of `jobs`: the path of a config, or what else is said of the job beside it. */
import * as z from "zod";
import { whole } from "./unit-schema.ts";

/** Beyond the partitions of a topic further workers stand idle, and each is a process. */
const workersMost = 64;

const configValue = z.union([z.string(), z.number(), z.boolean(), z.null()], {
  error: "must be a text, a number, true, false, or null, which takes the key away",
});

const jobEntry = z.strictObject(
  {
    file: z.string({ error: "must be the path of a job's config" }),
    workers: whole(1, workersMost).default(1),
    config: z
      .record(z.string(), configValue, { error: "must hold keys of the job's config" })
      .default({}),
  },
  { error: "must be the path of a job's config, or { file, workers, config }" },
);

export const jobSchema = z.preprocess(
  (entry) => (typeof entry === "string" ? { file: entry } : entry),
  jobEntry,
);

export type JobEntry = z.output<typeof jobEntry>;
