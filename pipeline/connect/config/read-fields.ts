/** Where a record's version and event time are, out of a job's config. */
import type { FieldRef } from "../../kcql/statement.ts";
import type { ConfigReader } from "./config-reader.ts";
import type { StoreKind } from "./connector-classes.ts";
import type { RecordFields } from "./job-config.ts";

const prefixes = { _key: "key", _header: "header", _: "meta" } as const;

export function readFields(store: StoreKind, reader: ConfigReader): RecordFields {
  const isWallClock =
    store === "elasticsearch" && reader.text("fleetproof.index.time") === "wall-clock";
  if (isWallClock) {
    reader.warn(
      "fleetproof.index.time",
      "is wall-clock: a record that is written again on another day lands in another index",
    );
  }
  return {
    version: readField("fleetproof.version.field", reader),
    time: readField("fleetproof.time.field", reader),
    indexTime: isWallClock ? "wall-clock" : "event",
  };
}

function readField(key: string, { text, fault }: ConfigReader): FieldRef {
  const names = text(key).split(".");
  if (names.includes("")) fault(key, "must name a field, as in window.start");
  const [first = "", ...below] = names;
  if (!Object.hasOwn(prefixes, first)) return { from: "value", path: names };
  const from = prefixes[first as keyof typeof prefixes];
  if (from === "meta" && !(below.length === 1 && /^(timestamp|offset)$/.test(below[0]!))) {
    fault(
      key,
      "of what Kafka says of a record, only _.timestamp and _.offset are numbers to go by",
    );
  }
  if (from === "header" && below.length !== 1) fault(key, "must name one header, as in _header.x");
  return { from, path: below };
}
