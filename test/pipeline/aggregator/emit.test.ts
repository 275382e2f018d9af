import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeAggregate, encodeAggregate } from "../../../pipeline/contract/aggregate.ts";
import { foldUnderTest, smallWindows } from "./folded.ts";

const text = fc.oneof(
  fc.stringMatching(/^[a-z0-9-]{0,12}$/),
  fc.string({ unit: "binary", maxLength: 6 }),
  fc.constantFrom('"', "\\", "\n", "\u2028", "\ufeffmark", "\u007f"),
);

const reading = fc.record({
  device: text,
  home: text,
  seq: fc.nat(30),
  at: fc.integer({ min: -5000, max: 5000 }),
  temperature: fc.integer({ min: -0x80000000, max: 0x7fffffff }),
});

test("an emitted record is encodeAggregate's of the same aggregate, byte for byte", () => {
  fc.assert(
    fc.property(fc.array(reading, { minLength: 1, maxLength: 20 }), (readings) => {
      const fold = foldUnderTest({ ...smallWindows, ahead: 1e9, retention: 1e9 });
      fold.readings(readings);
      fold.readings(["c1", "c2", "c3"].map((device) => ({ device, seq: 0, at: 6000 })));
      const emitted = fold.emittedBytes();
      expect(emitted.length).toBeGreaterThan(0);
      for (const bytes of emitted) {
        const aggregate = decodeAggregate(bytes)!;
        expect(bytes.toString()).toBe(Buffer.from(encodeAggregate(aggregate)).toString());
      }
      const ids = new Set(emitted.map((bytes) => decodeAggregate(bytes)!.device.id));
      expect(ids).toEqual(new Set(readings.map(({ device }) => device)));
    }),
  );
});
