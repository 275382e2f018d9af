import { expect, test } from "vitest";
import { nameSends } from "../../../harness/checks/name-sends.ts";
import type { RunFacts } from "../../../harness/facts/run-facts.ts";
import { factsOf, honestHistory, honestLog, plan } from "./history.ts";

const facts = factsOf(honestHistory);
/** What the plan has at a position of a partition. */
const sendAt = (partition: number, position: number) => {
  const { device, index, copy } = honestLog[partition]![position]!;
  return { position, device, index, copy, ...plan.readingId(device, index) };
};

/** The audit's file of missing ends: readings that the plan does not have there, so that they are told apart. */
function withTails(...positions: readonly (readonly number[])[]): RunFacts {
  const partitions = facts.audit.partitions.map((each, p) => ({
    ...each,
    tailSends: positions[p]!.map((position) => ({ position, device: p, index: 900, copy: 0 })),
  }));
  return { ...facts, audit: { ...facts.audit, partitions } };
}
const onFile = (partition: number, position: number) => ({
  ...{ position, device: partition, index: 900, copy: 0 },
  ...plan.readingId(partition, 900),
});

test("sends are named from the plan, in their order; what lies past its end is left out", () => {
  for (const p of [0, 1]) {
    const end = honestLog[p]!.length;
    const asked = new Set([end - 1, 5, end + 3]);
    expect(nameSends(facts, p, asked)).toEqual([sendAt(p, 5), sendAt(p, end - 1)]);
  }
});

test("those that are all on file are read there, of their partition", () => {
  const bent = withTails([7, 8, 9], [8, 9]);
  expect(nameSends(bent, 0, new Set([7, 9]))).toEqual([onFile(0, 7), onFile(0, 9)]);
  expect(nameSends(bent, 1, new Set([8]))).toEqual([onFile(1, 8)]);
});

test("where one of them is not on file all are named from the plan", () => {
  const bent = withTails([7, 8], []);
  expect(nameSends(bent, 0, new Set([7, 300]))).toEqual([sendAt(0, 7), sendAt(0, 300)]);
  expect(nameSends(bent, 1, new Set([7]))).toEqual([sendAt(1, 7)]);
});
