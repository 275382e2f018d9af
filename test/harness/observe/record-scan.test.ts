import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { openStoredScan } from "../../../harness/facts/store-files.ts";
import { storeKey } from "../../../harness/facts/store-rows.ts";
import { rowOf } from "../../../harness/facts/table.ts";
import { recordScan } from "../../../harness/observe/record-scan.ts";
import { collectScan } from "../../../harness/observe/store-scan.ts";
import type { ScanTaker } from "../../../harness/observe/take-scan.ts";
import { plan } from "../checks/history.ts";
import { temporaryFolder } from "../process/fixture.ts";

const mapping = {
  ...{ device: "device", window: "window", count: "count", sum: "sum", digest: "digest" },
  version: "version",
};
const options = { store: "elasticsearch", mapping, plan } as const;

function giveRows(taker: ScanTaker): void {
  for (let nth = 0; nth < 40; nth++) {
    const device = nth % 10 === 3 ? `nobody-${nth}` : plan.deviceId(nth % 20);
    const fields = {
      device,
      window: nth,
      count: 2,
      sum: nth,
      digest: "0".repeat(16),
      version: nth,
    };
    taker.add({ group: `day-${nth % 2}`, key: `k${nth}`, fields });
  }
}

test("a scan that went to file row by row is the one that was kept", async () => {
  const folder = temporaryFolder();
  await recordScan({ ...options, folder }, async (taker) => giveRows(taker));
  const collector = collectScan("elasticsearch", mapping, plan);
  giveRows(collector);
  const { rows: kept, count } = collector.finish();
  const { buckets, read } = await openStoredScan(folder, "store-elasticsearch");
  const found = read(0);
  expect([buckets, found.table.length]).toEqual([1, count]);
  for (let row = 0; row < count; row++) {
    expect(rowOf(found.table, row)).toEqual(rowOf(kept.table, row));
    expect(storeKey(found, row)).toBe(storeKey(kept, row));
  }
  expect(found).toMatchObject({ columns: kept.columns, groups: kept.groups });
  expect(found.deviceTexts).toEqual(kept.deviceTexts);
  expect(found.deviceTexts.size).toBe(4);
});

test("a store that could not be read to its end leaves nothing on file", async () => {
  const folder = temporaryFolder();
  const broken = recordScan({ ...options, folder }, async (taker) => {
    giveRows(taker);
    throw new Error("the store is gone");
  });
  await expect(broken).rejects.toThrow("the store is gone");
  expect(readdirSync(folder)).toEqual([]);
});
