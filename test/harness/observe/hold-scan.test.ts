import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { bucketsOf } from "../../../harness/facts/buckets.ts";
import { holdScan } from "../../../harness/observe/hold-scan.ts";
import { collectScan, type StoreScan } from "../../../harness/observe/store-scan.ts";
import type { ScanTaker } from "../../../harness/observe/take-scan.ts";
import { compareStates } from "../../../harness/replay/compare-states.ts";
import { createPlan } from "../../../simulator/plan.ts";
import { options } from "../checks/history.ts";
import { temporaryFolder } from "../process/fixture.ts";

/** Of a run so long that its rows are in several buckets. */
const plan = createPlan({ ...options, devices: 50, loadMs: 20 * 86_400_000 });
const mapping = {
  ...{ device: "device", window: "window", count: "count", sum: "sum", digest: "digest" },
  version: "version",
};
const of = { store: "elasticsearch", mapping, plan } as const;

type Row = {
  readonly key: number;
  readonly day: number;
  readonly version: number;
  readonly sum: number;
};

function give(rows: readonly Row[], target: string): (taker: Pick<ScanTaker, "add">) => void {
  return (taker) => {
    for (const { key, day, version, sum } of rows) {
      // What a row says its device is may be anything: it is found again by its key.
      const device = sum % 3 === 0 ? "nobody" : plan.deviceId(sum % 50);
      const fields = { device, window: 1, count: 1, sum, digest: "0".repeat(16), version };
      taker.add({ group: `${target}day-${day}`, place: `day-${day}`, key: `k${key}`, fields });
    }
  };
}

function kept(rows: readonly Row[], target: string): StoreScan {
  const collector = collectScan("elasticsearch", mapping, plan);
  give(rows, target)(collector);
  return collector.finish();
}

function held(folder: string, rows: readonly Row[], target: string): Promise<StoreScan> {
  return holdScan({ ...of, folder }, async (taker) => {
    give(rows, target)(taker);
    return undefined;
  });
}

const states = fc.uniqueArray(
  fc.record({
    key: fc.nat(30),
    day: fc.nat(1),
    version: fc.integer({ min: 1, max: 3 }),
    sum: fc.nat(5),
  }),
  { selector: ({ key, day }) => `${key}/${day}`, maxLength: 40 },
);

test("two scans on file are held against one another as two in memory are", async () => {
  const folder = temporaryFolder();
  expect(bucketsOf(plan).many).toBeGreaterThan(3);
  await fc.assert(
    fc.asyncProperty(
      states,
      states,
      fc.constantFrom("same" as const, "grown" as const),
      async (before, after, as) => {
        const [a, b] = [await held(folder, before, "old-"), await held(folder, after, "new-")];
        const [c, d] = [kept(before, "old-"), kept(after, "new-")];
        expect([a.count, a.digest, a.leastWrites]).toEqual([c.count, c.digest, c.leastWrites]);
        const [onFile, inMemory] = [compareStates(a, b, as), compareStates(c, d, as)];
        expect(onFile.digestBefore).toBe(inMemory.digestBefore);
        expect(onFile.digestAfter).toBe(inMemory.digestAfter);
        // Which of many are the examples depends on the order of the rows.
        expect(onFile.changed).toHaveLength(inMemory.changed.length);
        if (onFile.changed.length === 8) return;
        const told = (each: object): string => JSON.stringify(each);
        expect(onFile.changed.map(told).toSorted()).toEqual(inMemory.changed.map(told).toSorted());
      },
    ),
    { numRuns: 25 },
  );
});

test("what is held goes on to whoever takes it as well", async () => {
  const collector = collectScan("elasticsearch", mapping, plan);
  const rows = [1, 2, 3].map((key) => ({ key, day: 0, version: 1, sum: key }));
  const options = { ...of, folder: temporaryFolder(), also: collector };
  const scan = await holdScan(options, async (taker) => {
    give(rows, "old-")(taker);
    return 2;
  });
  expect(collector.finish().digest).toBe(scan.digest);
  expect(scan).toMatchObject({ count: 3, leastWrites: 2 });
});

test("a store that could not be read to its end is an error, not a scan of less", async () => {
  const folder = join(temporaryFolder(), "held");
  mkdirSync(folder);
  const broken = holdScan({ ...of, folder }, async (taker) => {
    give([{ key: 1, day: 0, version: 1, sum: 1 }], "old-")(taker);
    throw new Error("the store is gone");
  });
  await expect(broken).rejects.toThrow("the store is gone");
  expect(readdirSync(folder)).toHaveLength(1);
});

test("scans that are not divided alike are not compared", () => {
  const scan = kept([], "old-");
  const other = { ...scan, digest: "another", buckets: 2 };
  expect(() => compareStates(scan, other, "same")).toThrow("not divided alike");
});
