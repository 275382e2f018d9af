/**
 * What a scenario file may say: keys, defaults and the range of each value alone. What several
 * values must agree on is in `cross-checks.ts`. Parsing turns texts with units into numbers.
 */
import * as z from "zod";
import { readingFormats } from "../../pipeline/contract/reading.ts";
import { jobSchema } from "./job-schema.ts";
import { replaySchema } from "./replay-schema.ts";
import type { storeNames } from "./scenario.ts";
import { faultSchema } from "./step-schema.ts";
import { duration, instant, positive, rate, share, whole } from "./unit-schema.ts";

const field = z.string({ error: "must be the name of a field" }).min(1, "must not be empty");
const optionalFields = {
  min: field.optional(),
  max: field.optional(),
  mean: field.optional(),
  revision: field.optional(),
  version: field.optional(),
};

const elasticsearchMapping = z.strictObject({
  device: field.default("device.id"),
  window: field.default("window.start"),
  count: field.default("count"),
  sum: field.default("temperature.sum"),
  digest: field.default("digest"),
  ...optionalFields,
});

const cassandraMapping = z.strictObject({
  device: field.default("device"),
  window: field.default("start"),
  count: field.default("count"),
  sum: field.default("sum"),
  digest: field.default("digest"),
  ...optionalFields,
});

const limits = z.union([z.string(), z.array(z.string())], {
  error: 'must be a list of thresholds, for example ["p(99)<20"]',
});

export const scenarioSchema = z.strictObject({
  name: z
    .string({ error: "must be a text" })
    .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, "must be lower-case letters, digits and dashes"),
  seed: whole(0, 0xffff_ffff).default(20180301),
  fleet: z
    .strictObject({
      devices: whole(1, 100_000_000).optional(),
      every: positive.default(10_000),
      timeScale: z.number({ error: "must be a number" }).positive("must be more than 0").optional(),
      hot: z.strictObject({ share, every: positive }).optional(),
    })
    .prefault({}),
  load: z
    .strictObject({
      rate: rate.optional(),
      for: positive.default(60_000),
      warmUp: duration.default(10_000),
    })
    .prefault({}),
  time: z.strictObject({ start: instant.default(Date.UTC(2026, 0, 15)) }).prefault({}),
  readings: z
    .strictObject({
      format: z
        .enum(readingFormats, { error: `must be one of ${readingFormats.join(", ")}` })
        .default("avro"),
      outOfOrder: share.default(0),
      revising: share.default(0),
      late: share.default(0),
      duplicated: share.default(0),
      malformed: share.default(0),
      missing: share.default(0),
      rebooted: share.default(0),
      wrongClock: share.default(0),
    })
    .prefault({}),
  topics: z.strictObject({ partitions: whole(1, 10_000).default(8) }).prefault({}),
  window: z
    .strictObject({
      size: positive.default(300_000),
      grace: duration.default(30_000),
      retention: positive.default(600_000),
      ahead: positive.default(3_600_000),
      quorum: whole(1, 100).default(3),
    })
    .prefault({}),
  simulator: z
    .strictObject({
      workers: whole(1, 256).default(1),
      client: z.enum(["hot", "kafkajs"], { error: "must be one of hot, kafkajs" }).default("hot"),
    })
    .prefault({}),
  jobs: z
    .array(jobSchema, { error: "must be a list of job configs" })
    .prefault(["jobs/elasticsearch.json", "jobs/cassandra.json"]),
  faults: z.array(faultSchema, { error: "must be a list of steps" }).max(1_000).default([]),
  replay: z.array(replaySchema, { error: "must be a list of steps" }).max(100).default([]),
  stores: z
    .strictObject({
      elasticsearch: elasticsearchMapping.prefault({}),
      cassandra: cassandraMapping.prefault({}),
    } satisfies Record<(typeof storeNames)[number], z.ZodType>)
    .prefault({}),
  thresholds: z.record(z.string(), limits).default({}),
});

/** A file's content after parsing: units gone, defaults filled in, nothing yet derived. */
export type ScenarioFile = z.output<typeof scenarioSchema>;
