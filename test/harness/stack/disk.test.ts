import fc from "fast-check";
import { expect, test } from "vitest";
import { diskNeeded, diskSentence, requireDisk } from "../../../harness/stack/disk.ts";
import { temporaryFolder } from "../process/fixture.ts";

const minute = { readings: 7_000_000, aggregates: 230_000, bytesPerReading: 60 };

test("the need is the sum of its reasons and grows with every part of the load", () => {
  const load = fc.record({
    readings: fc.nat(1e9),
    aggregates: fc.nat(1e8),
    bytesPerReading: fc.integer({ min: 1, max: 1_000 }),
  });
  fc.assert(
    fc.property(load, (small) => {
      const need = diskNeeded(small);
      expect(need.bytes).toBe(need.reasons.reduce((sum, { bytes }) => sum + bytes, 0));
      for (const key of ["readings", "aggregates"] as const) {
        expect(diskNeeded({ ...small, [key]: small[key] + 1_000 }).bytes).toBeGreaterThan(
          need.bytes,
        );
      }
    }),
  );
});

test("a minute at ten billion readings a day needs between one and five gigabytes", () => {
  const { bytes } = diskNeeded(minute);
  expect(bytes).toBeGreaterThan(1e9);
  expect(bytes).toBeLessThan(5e9);
});

test("a disk that is too small is refused with both numbers and the largest reasons", async () => {
  const need = diskNeeded({ ...minute, readings: 1e15 });
  const folder = temporaryFolder();
  await expect(requireDisk(need, folder)).rejects.toMatchObject({ code: "disk-too-small" });
  const sentence = diskSentence(diskNeeded(minute), 123e6, "/data");
  expect(sentence).toMatch(/needs about \d\.\d GB .*readings in Kafka.*\/data has 0\.1 GB free/);
});

test("a disk that is large enough is not mentioned", async () => {
  const need = { bytes: 1, reasons: [] };
  expect(await requireDisk(need, temporaryFolder())).toBeUndefined();
});
