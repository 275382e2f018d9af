import fc from "fast-check";
import { expect, test } from "vitest";
import { everySo, mergeAnswer, splitBulk } from "../../../../harness/faults/network/bulk-items.ts";

const lines = [
  '{"index":{"_index":"a","_id":"1"}}',
  '{"n":1}',
  '{"delete":{"_index":"a","_id":"2"}}',
  '{"update":{"_index":"a","_id":"3"}}',
  '{"doc":{"n":3}}',
];

test("refused items are cut out with their sources, and the others stay as they were", () => {
  const second = [false, true, false].values();
  const { kept, refused, refusals } = splitBulk(
    Buffer.from(`${lines.join("\n")}\n`),
    () => second.next().value ?? false,
  );
  expect(kept.toString()).toBe(`${[...lines.slice(0, 2), ...lines.slice(3)].join("\n")}\n`);
  expect([refused, refusals]).toEqual([1, [undefined, "delete", undefined]]);
});

test("an answer has every item at its place, the refused ones with 429", () => {
  const answer = { took: 3, errors: false, items: [{ index: { status: 201 } }] };
  expect(mergeAnswer(answer, ["update", undefined])).toMatchObject({
    took: 3,
    errors: true,
    items: [
      { update: { status: 429, error: { type: "es_rejected_execution_exception" } } },
      { index: { status: 201 } },
    ],
  });
  for (const refusals of [[undefined, undefined], ["index"]]) {
    expect(() => mergeAnswer(answer, refusals)).toThrow(/another number of items/);
  }
});

test("the share that is refused is the share that was asked for, to one item", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ max: 500, min: 0 }),
      (share, all) => {
        const isRefused = everySo(share);
        const refused = Array.from({ length: all }, isRefused).filter(Boolean).length;
        expect(Math.abs(refused - all * share)).toBeLessThan(1.001);
      },
    ),
  );
});
