/** The JSON form of a reading: the same names, no schema beside it. For debugging and for teams without Avro. */
import { type Model, models, type RawReading, type Reading } from "./reading.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** Upper bound for ids of at most 255 bytes, every byte of which JSON may have to escape as `\u00xx`. */
export const readingJsonMaxBytes = 2 * 255 * 6 + 320;

/** Writes the reading at `offset` of `target`; returns the offset after it. */
export function writeReadingJson(target: Uint8Array, offset: number, reading: RawReading): number {
  const id = decoder.decode(reading.idBytes.subarray(reading.idStart, reading.idEnd));
  const home = decoder.decode(reading.homeBytes.subarray(reading.homeStart, reading.homeEnd));
  const text =
    `{"device":{"id":${JSON.stringify(id)},"home":${JSON.stringify(home)},` +
    `"model":"${models[reading.model]}"},"boot":${reading.boot},"seq":${reading.seq},` +
    `"at":${reading.at},"sensor":{"temperature":${reading.temperature},` +
    `"target":${reading.target},"humidity":${reading.humidity},` +
    `"battery":${reading.battery},"heating":${reading.heating}}}`;
  return offset + encoder.encodeInto(text, target.subarray(offset)).written;
}

/** Fills `into` from `bytes[start, end)`; false when these bytes are not one whole reading. */
export function readReadingJson(
  bytes: Uint8Array,
  start: number,
  end: number,
  into: RawReading,
): boolean {
  const reading = parse(bytes.subarray(start, end));
  if (!isReading(reading)) return false;
  into.idBytes = encoder.encode(reading.device.id);
  into.idStart = 0;
  into.idEnd = into.idBytes.length;
  into.homeBytes = encoder.encode(reading.device.home);
  into.homeStart = 0;
  into.homeEnd = into.homeBytes.length;
  into.model = models.indexOf(reading.device.model);
  into.boot = reading.boot;
  into.seq = reading.seq;
  into.at = reading.at;
  into.temperature = reading.sensor.temperature;
  into.target = reading.sensor.target;
  into.humidity = reading.sensor.humidity;
  into.battery = reading.sensor.battery;
  into.heating = reading.sensor.heating;
  return true;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    return undefined; // Malformed bytes are an expected outcome: the caller rejects and counts them.
  }
}

function isReading(value: unknown): value is Reading {
  if (!isObject(value) || !isObject(value["device"]) || !isObject(value["sensor"])) return false;
  const { device, sensor } = value;
  return (
    typeof device["id"] === "string" &&
    typeof device["home"] === "string" &&
    models.includes(device["model"] as Model) &&
    isCount(value["boot"]) &&
    isCount(value["seq"]) &&
    Number.isSafeInteger(value["at"]) &&
    isInt(sensor["temperature"]) &&
    isInt(sensor["target"]) &&
    isInt(sensor["humidity"]) &&
    isInt(sensor["battery"]) &&
    typeof sensor["heating"] === "boolean"
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Avro's `int`: the two formats accept the same readings. */
function isInt(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) === ((value as number) | 0);
}

function isCount(value: unknown): boolean {
  return isInt(value) && (value as number) >= 0;
}
