/** Keys that every job may hold: Kafka Connect's own, and ours for all stores. */
import { consumerKeys } from "./consumer-keys.ts";
import { groupOf, type KeySpecs } from "./key-spec.ts";

const job = groupOf("Common", {
  name: {
    type: "text",
    importance: "high",
    doc: "Name of the job; also of its consumer group, connect-<name>.",
  },
  "connector.class": {
    type: "text",
    importance: "high",
    doc: "fleetproof.ElasticsearchSink or fleetproof.CassandraSink; Stream Reactor's names are taken, too.",
  },
  "tasks.max": {
    type: "int",
    min: 1,
    max: 1_000,
    fallback: 1,
    importance: "high",
    doc: "Tasks of each worker (in Kafka Connect: of all workers together).",
  },
  topics: { type: "list", importance: "high", doc: "The topics that the KCQL statements read." },
  "fleetproof.kcql.mode": {
    type: "choice",
    of: ["strict", "compat"],
    fallback: "strict",
    importance: "medium",
    doc: "strict refuses what the genuine KCQL parser swallows; compat reads as that one does, and warns.",
  },
  "fleetproof.version.field": {
    type: "text",
    fallback: "version",
    importance: "high",
    doc:
      "Where a record's version is: a field, or _key.x, _header.x, _.timestamp (in microseconds), " +
      "_.offset. The newer version wins, in whatever order writes arrive.",
  },
  "fleetproof.time.field": {
    type: "text",
    fallback: "window.start",
    importance: "medium",
    doc:
      "Where a record's event time is, in epoch milliseconds: a field, or _key.x, _header.x, " +
      "_.timestamp. Decides an index's day and when a TTL ends; read only where one of them is asked for.",
  },
  "fleetproof.null.values": {
    type: "choice",
    of: ["fail", "ignore", "delete"],
    fallback: "fail",
    importance: "medium",
    doc: "What a record without a value means: an error, nothing, or that its document is to be deleted.",
  },
});

const converters = groupOf("Converters", {
  "key.converter": {
    type: "text",
    fallback: "org.apache.kafka.connect.storage.StringConverter",
    importance: "low",
    doc: "StringConverter, JsonConverter or ByteArrayConverter. Keys are read only where _key is used.",
  },
  "key.converter.schemas.enable": {
    type: "bool",
    fallback: false,
    importance: "low",
    doc: "Whether JSON keys are envelopes of schema and payload (in Kafka Connect true by default).",
  },
  "value.converter": {
    type: "text",
    fallback: "org.apache.kafka.connect.json.JsonConverter",
    importance: "medium",
    doc: "JsonConverter, or StringConverter for texts that hold JSON.",
  },
  "value.converter.schemas.enable": {
    type: "bool",
    fallback: false,
    importance: "medium",
    doc: "Whether values are envelopes of schema and payload (in Kafka Connect true by default).",
  },
});

const errors = groupOf("Errors", {
  "errors.tolerance": {
    type: "choice",
    of: ["none", "all"],
    fallback: "none",
    importance: "medium",
    doc: "all: a record that cannot be read, projected, or is refused for good is skipped under every policy.",
  },
  "errors.deadletterqueue.topic.name": {
    type: "text",
    fallback: "",
    importance: "medium",
    doc: "Topic for the records that are skipped; created if there is none. Empty: they are only counted.",
  },
  "errors.deadletterqueue.topic.replication.factor": {
    type: "int",
    min: -1,
    max: 32_767,
    fallback: -1,
    importance: "medium",
    doc: "Replicas of the dead-letter topic when the job creates it; -1: the broker's default.",
  },
  "errors.deadletterqueue.context.headers.enable": {
    type: "bool",
    fallback: true,
    importance: "medium",
    doc: "Whether a dead letter carries __connect.errors.* (in Kafka Connect false by default).",
  },
  "errors.log.enable": {
    type: "bool",
    fallback: false,
    importance: "medium",
    doc: "Whether each record that fails is logged.",
  },
  "errors.log.include.messages": {
    type: "bool",
    fallback: false,
    importance: "medium",
    doc: "Whether that log entry names topic, partition, offset and timestamp of the record.",
  },
});

export const commonKeys: KeySpecs = { ...job, ...converters, ...errors, ...consumerKeys };
