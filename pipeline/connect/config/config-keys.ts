/**
 * The keys that a job's config may hold. Names are those of Kafka Connect and of Stream Reactor's
 * sinks, so that a config people already have goes on working; `fleetproof.*` and `retire.*` are
 * our own. Where a unit was broken there (`write.timeout`, `retry.interval`), ours is what the
 * documentation says: milliseconds.
 */
import { cassandraKeys } from "./cassandra-keys.ts";
import { commonKeys } from "./common-keys.ts";
import { type StoreKind, storePrefix } from "./connector-classes.ts";
import { elasticsearchKeys } from "./elasticsearch-keys.ts";
import { dayMs, groupOf, type KeySpecs } from "./key-spec.ts";

/** What both stores' keys end in, after `connect.elastic.` or `connect.cassandra.`. */
const errorPolicy = groupOf("Errors", {
  "error.policy": {
    type: "choice",
    of: ["RETRY", "NOOP", "THROW"],
    fallback: "RETRY",
    importance: "high",
    doc:
      "When the store does not take a record: RETRY asks again, NOOP skips that record alone " +
      "(counted, and to the dead-letter topic), THROW stops the task.",
  },
  "max.retries": {
    type: "int",
    min: -1,
    max: 1_000_000,
    fallback: -1,
    importance: "medium",
    doc: "Retries beyond the first attempt, then the task fails (under NOOP: the record is skipped); -1: for ever.",
  },
  "retry.interval": {
    type: "int",
    min: 1,
    max: dayMs,
    fallback: 1_000,
    importance: "medium",
    doc: "Milliseconds between two attempts; doubled, up to 30 s, while the store says that it is overloaded.",
  },
});

export function keysOf(store: StoreKind): KeySpecs {
  const prefix = storePrefix[store];
  const policy = Object.entries(errorPolicy).map(([key, spec]) => [prefix + key, spec] as const);
  const own = store === "elasticsearch" ? elasticsearchKeys : cassandraKeys;
  return { ...commonKeys, ...own, ...Object.fromEntries(policy) };
}
