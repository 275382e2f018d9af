/**
 * Checks a job before it may start: its config, then the topics that it reads, then the store,
 * which is asked for what it can refuse (credentials, a mapping or a table that conflicts). Servers
 * that do not answer refuse nothing: a job outlives their outages.
 */
import { type Kafka, KafkaError } from "../../kafka/port.ts";
import type { Logger } from "../../logger.ts";
import { SinkError } from "../../sinks/sink.ts";
import {
  type ConfigContext,
  type ValidatedJobConfig,
  validateJobConfig,
} from "../config/config.ts";
import type { ConfigError } from "../config/config-reader.ts";
import type { JobConfig } from "../config/job-config.ts";
import { type SinkSource, withSink } from "./with-sink.ts";

export type JobChecks = SinkSource & {
  readonly kafka: Pick<Kafka, "topics">;
  readonly context: ConfigContext;
  readonly log: Logger;
};

/** A store that takes longer to open is not kept waiting for: its job will insist. */
const storeAnswersWithinMs = 10_000;

/** `value`: `{ name, config }`. */
export async function checkJob(value: unknown, checks: JobChecks): Promise<ValidatedJobConfig> {
  const validated = validateJobConfig(value, checks.context);
  if (!validated.ok) return validated;
  const { config, warnings } = validated;
  const absent = await absentTopics(config, checks);
  const errors = absent.length > 0 ? absent : await refusedByStore(config, checks);
  return errors.length > 0 ? { ok: false, errors, warnings } : validated;
}

async function absentTopics(
  { topics }: JobConfig,
  { kafka, log }: JobChecks,
): Promise<readonly ConfigError[]> {
  try {
    const found = await kafka.topics.find(topics);
    return topics
      .filter((topic) => !found.has(topic))
      .map((topic) => ({
        key: "topics",
        message: `names '${topic}', which this Kafka cluster does not have: create it first`,
      }));
  } catch (error) {
    if (!(error instanceof KafkaError) || error.code !== "unavailable") throw error;
    log.warn({ cause: error.message }, "the topics could not be looked up");
    return [];
  }
}

async function refusedByStore(
  config: JobConfig,
  checks: JobChecks,
): Promise<readonly ConfigError[]> {
  try {
    await withSink(checks, config, storeAnswersWithinMs, (sink, signal) => sink.open(signal));
    return [];
  } catch (error) {
    if (error instanceof SinkError && error.code === "refused") {
      return [{ key: keyOf(config, error), message: `is refused by the store: ${error.message}` }];
    }
    const cause = error instanceof Error ? error.message : String(error);
    checks.log.warn({ job: config.name, cause }, "the store could not be asked before the start");
    return [];
  }
}

/** The key that an operator would look at: who we are, or what the statements ask for. */
function keyOf({ store }: JobConfig, error: SinkError): string {
  const isElastic = store.store === "elasticsearch";
  const aboutUs = /credential|authenti|unauthori|password|\b40[13]\b/i.test(error.message);
  if (aboutUs) {
    return isElastic ? "connect.elastic.use.http.username" : "connect.cassandra.username";
  }
  return isElastic ? "connect.elastic.kcql" : "connect.cassandra.kcql";
}
