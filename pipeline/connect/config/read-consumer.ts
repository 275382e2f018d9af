/** `consumer.override.*` out of a job's config. */
import type { ConfigReader } from "./config-reader.ts";
import type { ConsumerSettings } from "./job-config.ts";

const prefix = "consumer.override.";

export function readConsumer({ text, int, warn, fault }: ConfigReader): ConsumerSettings {
  const isolation = text(`${prefix}isolation.level`) as ConsumerSettings["isolation"];
  if (isolation === "read_uncommitted") {
    warn(`${prefix}isolation.level`, "is read_uncommitted: what a transaction took back is stored");
  }
  const settings: ConsumerSettings = {
    offsetReset: text(`${prefix}auto.offset.reset`) as ConsumerSettings["offsetReset"],
    isolation,
    maxBytes: int(`${prefix}fetch.max.bytes`),
    maxBytesPerPartition: int(`${prefix}max.partition.fetch.bytes`),
    minBytes: int(`${prefix}fetch.min.bytes`),
    maxWaitMs: int(`${prefix}fetch.max.wait.ms`),
    sessionTimeoutMs: int(`${prefix}session.timeout.ms`),
    rebalanceTimeoutMs: int(`${prefix}max.poll.interval.ms`),
  };
  if (settings.minBytes > settings.maxBytes) {
    fault(
      `${prefix}fetch.min.bytes`,
      `is more than ${prefix}fetch.max.bytes: it would always wait`,
    );
  }
  return settings;
}
