import fc from "fast-check";
import { expect, test } from "vitest";
import { diskNeeded, diskSentence, requireDisk } from "../../../harness/stack/disk.ts";
import { temporaryFolder } from "../process/fixture.ts";

const minute = { readings: 7_000_000, aggregates: 230_000, bytesPerReading: 60, heldScans: 3 };

test("the need is the sum of its reasons and grows with every part of the load", () => {
  const load = fc.record({
    readings: fc.nat(1e9),
    aggregates: fc.nat(1e8),
    bytesPerReading: fc.integer({ min: 1, max: 1_000 }),
    heldScans: fc.nat(5),
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

test("Elasticsearch's documents are looked for where they will lie, and not counted twice", async () => {
  const { reasons } = diskNeeded(minute);
  const elsewhere = reasons.filter(({ where }) => where === "elasticsearch");
  expect(elsewhere.map(({ what }) => what)).toContain("the documents in Elasticsearch");
  const none = await requireDisk({ bytes: 0, reasons: [] }, temporaryFolder(), "/proc");
  expect(none).toBeUndefined();
  // A disk of its own without room: what lies in the run's folder does not make up for it.
  const refused = requireDisk(diskNeeded(minute), temporaryFolder(), "/proc");
  await expect(refused).rejects.toThrow(/documents in Elasticsearch.*\/proc has 0\.0 GB free/);
});

test("the bytes of a life-size run are told within a third", () => {
  // Measured: 41,673,890 readings and 2.3 million aggregates took 3.6 GB of Kafka.
  const { reasons } = diskNeeded({
    readings: 41_673_890,
    aggregates: 2_323_354,
    bytesPerReading: 47,
    heldScans: 0,
  });
  const kafka = reasons.filter(({ what }) => /Kafka|checkpoints/.test(what));
  const bytes = kafka.reduce((sum, each) => sum + each.bytes, 0);
  expect(bytes).toBeGreaterThan(3.6e9);
  expect(bytes).toBeLessThan(3.6e9 * 1.34);
});

test("a disk that is large enough is not mentioned", async () => {
  const need = { bytes: 1, reasons: [] };
  expect(await requireDisk(need, temporaryFolder())).toBeUndefined();
});
