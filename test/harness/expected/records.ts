/** Records of the raw topic, made of what a reading says. */
import type { LogRecord } from "../../../harness/expected/log-record.ts";
import { emptyRawReading } from "../../../pipeline/contract/reading.ts";
import { writeReadingAvro } from "../../../pipeline/contract/reading-avro.ts";
import type { RawRecord } from "./brute-force.ts";

/** A reading as some device may have sent it, and what is done to its record. */
export type Event = {
  readonly id: string;
  readonly boot: number;
  readonly seq: number;
  readonly at: number;
  readonly t: number;
  readonly harm: "none" | "value" | "no value" | "key" | "no key";
};

export function recordOf({ id, boot, seq, at, t, harm }: Event): RawRecord {
  const key = new TextEncoder().encode(id);
  const home = new TextEncoder().encode("h-1");
  const reading = { ...emptyRawReading(), idBytes: key, idEnd: key.length, boot, seq, at };
  const whole = { ...reading, homeBytes: home, homeEnd: home.length, temperature: t };
  const bytes = new Uint8Array(400);
  const end = writeReadingAvro(bytes, 0, whole);
  const value = bytes.slice(0, harm === "value" ? end - 3 : end);
  const otherKey = harm === "key" ? key.map((byte) => byte ^ 1) : key;
  return { key: harm === "no key" ? null : otherKey, value: harm === "no value" ? null : value };
}

export function logRecord({ key, value }: RawRecord, offset: number): LogRecord {
  const bytes = Buffer.concat([key ?? Buffer.alloc(0), value ?? Buffer.alloc(0)]);
  const keyLength = key?.length ?? 0;
  return {
    bytes,
    offset,
    keyStart: 0,
    keyEnd: key === null ? -1 : keyLength,
    valueStart: keyLength,
    valueEnd: value === null ? -1 : bytes.length,
  };
}
