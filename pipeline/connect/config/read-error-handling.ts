/** What becomes of records that fail, out of a job's config. */
import type { ConfigReader } from "./config-reader.ts";
import type { DeadLetterSettings, ErrorHandling, ErrorPolicy, RetryPolicy } from "./job-config.ts";
import { topicPattern } from "./read-statements.ts";

const deadLetterKey = "errors.deadletterqueue.topic.name";

/** `prefix`: of the store's own keys. `topics`: those that the job reads. */
export function readErrorHandling(
  prefix: string,
  topics: readonly string[],
  reader: ConfigReader,
): ErrorHandling {
  const policy = reader.text(`${prefix}error.policy`) as ErrorPolicy;
  const tolerance = reader.text("errors.tolerance") as ErrorHandling["tolerance"];
  const deadLetter = readDeadLetter(topics, reader);
  const skips = policy === "NOOP" || tolerance === "all";
  if (skips && deadLetter === undefined) {
    reader.warn(
      deadLetterKey,
      "is not set: of the records that are skipped nothing is left but a count",
    );
  }
  if (!skips && deadLetter !== undefined) {
    reader.warn(
      deadLetterKey,
      `will stay empty: ${policy} skips no record; set errors.tolerance=all`,
    );
  }
  const hasLog = reader.bool("errors.log.enable");
  const withRecord = reader.bool("errors.log.include.messages");
  return {
    policy,
    retry: readRetry(prefix, policy, reader),
    tolerance,
    deadLetter,
    log: hasLog ? (withRecord ? "with-record" : "on") : "off",
  };
}

function readRetry(prefix: string, policy: ErrorPolicy, { int }: ConfigReader): RetryPolicy {
  const limit = int(`${prefix}max.retries`);
  const intervalMs = int(`${prefix}retry.interval`);
  if (policy === "THROW") return { limit: 0, intervalMs };
  return { limit: limit < 0 ? Number.POSITIVE_INFINITY : limit, intervalMs };
}

function readDeadLetter(
  topics: readonly string[],
  { text, int, bool, fault }: ConfigReader,
): DeadLetterSettings | undefined {
  const topic = text(deadLetterKey);
  const factor = int("errors.deadletterqueue.topic.replication.factor");
  const contextHeaders = bool("errors.deadletterqueue.context.headers.enable");
  if (factor === 0) {
    fault("errors.deadletterqueue.topic.replication.factor", "must be -1, or 1 and more");
  }
  if (topic === "") return undefined;
  if (!topicPattern.test(topic)) fault(deadLetterKey, `'${topic}' cannot be a topic's name`);
  else if (topics.includes(topic)) {
    fault(deadLetterKey, `'${topic}' is read by this job: a dead letter would come back for ever`);
  }
  return { topic, replicationFactor: factor < 0 ? undefined : factor, contextHeaders };
}
