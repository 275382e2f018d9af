import { expect, test } from "vitest";
import { createCanaryTally, windowName } from "../../../harness/checks/canary-tally.ts";

test("findings of watched windows are counted by name, all others by class, and none is kept", () => {
  const tally = createCanaryTally(new Set([windowName("t-1", 300_000)]));
  for (let window = 0; window < 1_000; window++) {
    tally.list.add("unseen", () => ({ device: "t-1", window: window * 300_000 }));
  }
  tally.list.add("corrupt", () => ({ device: "t-1", window: 300_000 }));
  tally.list.echo("lost-write");
  expect([...tally.named]).toEqual([
    ["unseen/t-1/300000", 1],
    ["corrupt/t-1/300000", 1],
  ]);
  expect(tally.others).toEqual({ unseen: 999 });
  expect(tally.list.findings).toEqual([]);
});

test("where only one topic counts, what lies elsewhere does not", () => {
  const tally = createCanaryTally(new Set(), "aggregated");
  tally.list.add("duplicate", () => ({ topic: "raw" }));
  tally.list.add("duplicate", () => ({}));
  tally.list.add("duplicate", () => ({ topic: "aggregated" }));
  expect(tally.others).toEqual({ duplicate: 1 });
});
