/** The JSON form of a reading: the same names, no schema beside it. For debugging and for teams without Avro. */
import { writeWhole } from "./decimal.ts";
import { writeJsonText } from "./json-text.ts";
import { type Model, models, type RawReading, type Reading } from "./reading.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** Upper bound for ids of at most 255 bytes, every byte of which JSON may have to escape as `\u00xx`. */
export const readingJsonMaxBytes = 2 * 255 * 6 + 320;

/** What stands before each value, in the contract's order. */
const beforeId = bytesOf('{"device":{"id":"');
const beforeHome = bytesOf('","home":"');
const beforeModel = bytesOf('","model":"');
const modelNames = models.map(bytesOf);
const beforeBoot = bytesOf('"},"boot":');
const beforeSeq = bytesOf(',"seq":');
const beforeAt = bytesOf(',"at":');
const beforeTemperature = bytesOf(',"sensor":{"temperature":');
const beforeTarget = bytesOf(',"target":');
const beforeHumidity = bytesOf(',"humidity":');
const beforeBattery = bytesOf(',"battery":');
const heatingEnds = [bytesOf(',"heating":false}}'), bytesOf(',"heating":true}}')] as const;

/**
 * Writes the reading at `offset` of `target`; returns the offset after it. Byte by byte: as a string that is encoded
 * then, it costs three times as much. The slow, obvious counterpart in the tests is `JSON.stringify`.
 */
export function writeReadingJson(target: Uint8Array, offset: number, reading: RawReading): number {
  let at = writeBytes(target, offset, beforeId);
  at = writeJsonText(target, at, reading.idBytes, reading.idStart, reading.idEnd);
  at = writeBytes(target, at, beforeHome);
  at = writeJsonText(target, at, reading.homeBytes, reading.homeStart, reading.homeEnd);
  at = writeBytes(target, at, beforeModel);
  at = writeBytes(target, at, modelNames[reading.model]!);
  at = writeWhole(target, writeBytes(target, at, beforeBoot), reading.boot);
  at = writeWhole(target, writeBytes(target, at, beforeSeq), reading.seq);
  at = writeWhole(target, writeBytes(target, at, beforeAt), reading.at);
  at = writeWhole(target, writeBytes(target, at, beforeTemperature), reading.temperature);
  at = writeWhole(target, writeBytes(target, at, beforeTarget), reading.target);
  at = writeWhole(target, writeBytes(target, at, beforeHumidity), reading.humidity);
  at = writeWhole(target, writeBytes(target, at, beforeBattery), reading.battery);
  return writeBytes(target, at, heatingEnds[reading.heating ? 1 : 0]);
}

function bytesOf(text: string): Uint8Array {
  return encoder.encode(text);
}

function writeBytes(target: Uint8Array, offset: number, bytes: Uint8Array): number {
  for (let at = 0; at < bytes.length; at++) target[offset + at] = bytes[at]!;
  return offset + bytes.length;
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
