/** How keys and values become JSON, out of a job's config. */
import type { ConfigReader } from "./config-reader.ts";
import type { Converter, Converters } from "./job-config.ts";

export function readConverters(reader: ConfigReader): Converters {
  const key = readConverter("key", reader);
  const value = readConverter("value", reader);
  if (value === "bytes") {
    reader.fault(
      "value.converter",
      "gives bytes; KCQL reads fields: JsonConverter or StringConverter",
    );
  }
  return { key, value };
}

/** With or without the package's name, as Connect takes it. */
function readConverter(side: "key" | "value", { text, bool, fault }: ConfigReader): Converter {
  const name = text(`${side}.converter`);
  const hasSchema = bool(`${side}.converter.schemas.enable`);
  const simple = name.slice(name.lastIndexOf(".") + 1);
  if (simple === "JsonConverter") return hasSchema ? "json-schema" : "json";
  if (simple === "StringConverter") return "string";
  if (simple === "ByteArrayConverter") return "bytes";
  fault(
    `${side}.converter`,
    `is '${name}'; there are JsonConverter, StringConverter and, for keys, ByteArrayConverter`,
  );
  return "json";
}
