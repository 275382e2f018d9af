/** Readings of all shapes, and their hot-path form. */
import fc from "fast-check";
import {
  emptyRawReading,
  models,
  type RawReading,
  type Reading,
} from "../../../pipeline/contract/reading.ts";

const int = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const count = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const id = fc
  .string({ unit: "binary", maxLength: 60 })
  .filter((text) => text.isWellFormed() && Buffer.byteLength(text) <= 255);

export const anyReading: fc.Arbitrary<Reading> = fc.record({
  device: fc.record({ id, home: id, model: fc.constantFrom(...models) }),
  boot: count,
  seq: count,
  // Times of our days, too: they are read another way than very long numbers.
  at: fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -(2 ** 43), max: 2 ** 43 })),
  sensor: fc.record({
    temperature: int,
    target: int,
    humidity: int,
    battery: int,
    heating: fc.boolean(),
  }),
});

export const sample: Reading = {
  device: { id: "t-0000042", home: "h-0000042", model: "SLR2" },
  boot: 0,
  seq: 29,
  at: 1_768_435_490_000,
  sensor: { temperature: 1973, target: 2000, humidity: 45, battery: 87, heating: true },
};

export function rawOf(reading: Reading): RawReading {
  const [idBytes, homeBytes] = [Buffer.from(reading.device.id), Buffer.from(reading.device.home)];
  const { boot, seq, at, sensor } = reading;
  return {
    ...emptyRawReading(),
    idBytes,
    idEnd: idBytes.length,
    homeBytes,
    homeEnd: homeBytes.length,
    model: models.indexOf(reading.device.model),
    boot,
    seq,
    at,
    ...sensor,
  };
}

export function readingOf(raw: RawReading): Reading {
  const { boot, seq, at, temperature, target, humidity, battery, heating } = raw;
  const text = (bytes: Uint8Array, start: number, end: number): string =>
    Buffer.from(bytes.subarray(start, end)).toString("utf8");
  return {
    device: {
      id: text(raw.idBytes, raw.idStart, raw.idEnd),
      home: text(raw.homeBytes, raw.homeStart, raw.homeEnd),
      model: models[raw.model]!,
    },
    boot,
    seq,
    at,
    sensor: { temperature, target, humidity, battery, heating },
  };
}
