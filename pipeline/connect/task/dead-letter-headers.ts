/**
 * `__connect.errors.*`: what a dead letter says of its failure. Pure. Source:
 * org.apache.kafka.connect.runtime. errors.DeadLetterQueueReporter: UTF-8 text each, added behind
 * the headers that the record came with.
 */
import type { RecordHeader } from "../../kafka/wire/batch-writer.ts";
import type { JobConfig } from "../config/job-config.ts";
import { type RecordFailure, type Stage, traceOf } from "./record-failure.ts";

const prefix = "__connect.errors.";

/** A header is no place for a store's whole answer. */
const textMax = 8 * 1024;

/** `task`: its id. */
export function errorHeaders(
  { record, stage, error }: RecordFailure,
  config: JobConfig,
  task: number,
): readonly RecordHeader[] {
  const said = {
    topic: record.topic,
    partition: String(record.partition),
    offset: String(record.offset),
    "connector.name": config.name,
    "task.id": String(task),
    stage,
    "class.name": classOf(stage, config),
    "exception.class.name": `fleetproof.${error.name === "Error" ? "StoreError" : error.name}`,
    "exception.message": error.message,
    "exception.stacktrace": traceOf(error),
  };
  return Object.entries(said).map(([name, text]) => ({
    key: prefix + name,
    value: Buffer.from(text.length <= textMax ? text : `${text.slice(0, textMax)}…`),
  }));
}

/** Who refused the record, as the config names it. */
function classOf(stage: Stage, { properties }: JobConfig): string {
  switch (stage) {
    case "KEY_CONVERTER":
      return properties["key.converter"] ?? "org.apache.kafka.connect.storage.StringConverter";
    case "VALUE_CONVERTER":
      return properties["value.converter"] ?? "org.apache.kafka.connect.json.JsonConverter";
    case "HEADER_CONVERTER":
      return "fleetproof.Utf8HeaderConverter";
    case "TRANSFORMATION":
      return "fleetproof.KcqlProjection";
    case "TASK_PUT":
      return properties["connector.class"] ?? "fleetproof.Sink";
  }
}
