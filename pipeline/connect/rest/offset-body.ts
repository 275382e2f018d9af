/**
 * Offsets in Connect's shape: `{"offsets": [{"partition": {"kafka_topic", "kafka_partition"}, "offset":
 * {"kafka_offset"} | null}]}`; numbers may be strings. Sentences as Connect's `SinkUtils` has them, the rules
 * stricter: a partition that is there twice is refused (Connect would keep one of them).
 */
import { HttpError } from "../../http/http-error.ts";
import type { ConnectorOffset } from "../worker/herder.ts";

type Fields = Readonly<Record<string, unknown>>;

export function writeOffsets(offsets: readonly ConnectorOffset[]): { offsets: readonly object[] } {
  return {
    offsets: offsets.map(({ topic, partition, offset }) => ({
      partition: { kafka_topic: topic, kafka_partition: partition },
      offset: offset === null ? null : { kafka_offset: offset },
    })),
  };
}

/** Errors: `HttpError` 400. */
export function readOffsets(body: unknown): readonly ConnectorOffset[] {
  const list = isFields(body) ? body["offsets"] : undefined;
  if (!Array.isArray(list) || list.length === 0) {
    refuse("Partitions / offsets need to be provided for an alter offsets request");
  }
  const offsets = list.map(readOffset);
  const seen = new Set<string>();
  for (const { topic, partition } of offsets) {
    const key = JSON.stringify([topic, partition]);
    if (seen.has(key)) refuse(`${cut(topic)}, partition ${partition}, is given twice.`);
    seen.add(key);
  }
  return offsets;
}

function readOffset(entry: unknown): ConnectorOffset {
  const { partition, offset } = isFields(entry) ? entry : {};
  if (!isFields(partition)) {
    refuse("The partition for a sink connector offset cannot be null or missing");
  }
  const { kafka_topic: topic, kafka_partition: number } = partition;
  if (typeof topic !== "string" || number === undefined) {
    refuse(
      "The partition for a sink connector offset must contain the keys 'kafka_topic' and " +
        "'kafka_partition'",
    );
  }
  return {
    topic,
    partition: readInteger(number, "partition", 2 ** 31 - 1),
    offset: readPosition(offset),
  };
}

function readPosition(offset: unknown): number | null {
  if (offset === null) return null;
  if (!isFields(offset) || offset["kafka_offset"] === undefined) {
    refuse(
      "The offset for a sink connector should either be null or contain the key 'kafka_offset'",
    );
  }
  return readInteger(offset["kafka_offset"], "offset", Number.MAX_SAFE_INTEGER);
}

function readInteger(value: unknown, what: "partition" | "offset", max: number): number {
  const text = typeof value === "number" || typeof value === "string" ? String(value) : "";
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (number <= max) return number;
  const name = what === "partition" ? "Partition" : "Offset";
  const shown = cut(JSON.stringify(value) ?? "nothing");
  return refuse(
    `Failed to parse the following Kafka ${what} value in the provided offsets: ${shown}. ` +
      `${name} values for sink connectors need to be integers, 0 or more.`,
  );
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function cut(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

function refuse(message: string): never {
  throw new HttpError(400, message);
}
