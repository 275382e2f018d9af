import { expect, test } from "vitest";
import { checkAggregateTruth } from "../../../harness/checks/aggregate-truth.ts";
import type { Aggregate } from "../../../pipeline/contract/aggregate.ts";
import { factsOf, type History, honestHistory, type Published } from "./history.ts";

const { published } = honestHistory;
const checked = (changes: Partial<History>) =>
  checkAggregateTruth(factsOf({ ...honestHistory, ...changes }));

const keyOf = ({ aggregate: { device, window } }: Published) => `${device.id}/${window.start}`;
const revisionsOf = (one: Published) => published.filter((each) => keyOf(each) === keyOf(one));
/** A window that was published once, and one that was revised once. */
const one = published.filter((each) => revisionsOf(each).length === 1)[100]!;
const revised = published.find((each) => revisionsOf(each).length === 2)!;
const [earlier, last] = revisionsOf(revised).map(({ aggregate }) => aggregate);

const without = (...records: readonly Published[]) =>
  published.filter((each) => !records.includes(each));
/** With a record at the end of its partition, and where that is. */
const withLast = (aggregate: Aggregate, from = published) => [
  ...from,
  { partition: one.partition, aggregate },
];
const endOf = (records: readonly Published[]) =>
  records.filter(({ partition }) => partition === one.partition).length;

const placeOf = ({ aggregate: { device, window }, partition }: Published) => ({
  device: device.id,
  window: window.start,
  topic: "aggregated",
  partition,
});
const stateText = ({ count, temperature: { sum, min, max }, digest }: Aggregate): string =>
  `count ${count}, sum ${sum}, min ${min}, max ${max}, digest ${digest}`;

test("each record is looked at, and each due window without any", () => {
  expect(checked({})).toMatchObject({ clause: "C6", verdict: "PASS", counts: {} });
  expect(checked({}).evaluated).toBe(published.length);
  expect(checked({ published: without(one) }).evaluated).toBe(published.length);
  expect(checked({ published: without(...revisionsOf(revised)) }).evaluated).toBe(
    published.length - 1,
  );
});

test("planted: a due window that was never published is named by its partition", () => {
  const found = "due, and never published";
  expect(checked({ published: without(one) }).findings).toEqual([
    { class: "lost-write", ...placeOf(one), found },
  ]);
  expect(checked({ published: without(one), topicsReachedEnd: false }).findings).toEqual([
    { class: "unseen", ...placeOf(one), found },
  ]);
});

test("planted: what a record says wrong of itself is said by name", () => {
  const { aggregate: a } = one;
  const others = without(one);
  const [offset, place] = [endOf(others), placeOf(one)];
  const first = (bent: Aggregate) => checked({ published: withLast(bent, others) }).findings[0];
  const mean = { ...a, temperature: { ...a.temperature, mean: a.temperature.mean + 0.01 } };
  expect(first(mean)).toEqual({
    ...{ class: "corrupt", ...place, offset, found: "wrong by itself: mean" },
  });
  expect(first({ ...a, revision: a.revision + 1, version: a.version + 1 })).toEqual({
    ...{ class: "corrupt", ...place, offset, found: "wrong by itself: revision" },
  });
});

test("planted: a wrong sum is told with what was expected and what stood there", () => {
  const { aggregate: a } = one;
  const others = without(one);
  const sum = a.temperature.sum + a.count * 100;
  const bent = { ...a, temperature: { ...a.temperature, sum, mean: sum / a.count / 100 } };
  expect(checked({ published: withLast(bent, others) }).findings).toEqual([
    {
      ...{ class: "corrupt", ...placeOf(one), offset: endOf(others) },
      expected: stateText(a),
      found: `${stateText(bent)} (wrong: sum)`,
    },
  ]);
});

test("planted: of a window whose last revision is missing the final state is told", () => {
  const records = published.filter(({ aggregate }) => aggregate !== last);
  const said = {
    ...placeOf(revised),
    expected: stateText(last!),
    found: `last published revision ${earlier!.revision}`,
  };
  const stale = checked({ published: records }).findings;
  expect(stale).toEqual([expect.objectContaining({ class: "stale-final", ...said })]);
  const unread = checked({ published: records, topicsReachedEnd: false });
  expect(unread.findings).toEqual([expect.objectContaining({ class: "unseen", ...said })]);
  expect(unread.verdict).toBe("UNKNOWN");
});

test("planted: a lower revision behind a higher one is told with both", () => {
  // The lower one comes behind the higher one, and then the higher one once more: C2 names that.
  const swapped = published.filter((each) => keyOf(each) !== keyOf(revised));
  const order = [last!, earlier!, last!].map((aggregate) => ({
    partition: revised.partition,
    aggregate,
  }));
  const { findings, counts } = checked({ published: [...swapped, ...order] });
  expect(counts).toEqual({ "stale-final": 1 });
  const found = `revision ${earlier!.revision} after ${last!.revision}`;
  expect(findings[0]).toMatchObject({ ...placeOf(revised), found });
});

test("planted: a window published before it was due is told with its revision", () => {
  const facts = factsOf({ ...honestHistory, published: [one] });
  const { columns, length } = facts.audit.windows;
  for (let row = 0; row < length; row++) columns.firstDue[row] = 0;
  const found = `revision ${one.aggregate.revision} published`;
  expect(checkAggregateTruth(facts)).toMatchObject({
    evaluated: 1,
    findings: [
      { class: "wrong-aggregate", ...placeOf(one), offset: 0, expected: "not due", found },
    ],
  });
});
