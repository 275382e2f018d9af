import { expect, test } from "vitest";
import { checkNoDuplicate } from "../../../harness/checks/no-duplicate.ts";
import type { RunFacts } from "../../../harness/facts/run-facts.ts";
import { factsOf, honestHistory, honestLog, type Published } from "./history.ts";

const { published } = honestHistory;
const again = published[40]!;
const { aggregate } = again;
const records = honestLog[0]!.length + honestLog[1]!.length;

const factsWith = (...more: readonly Published[]): RunFacts =>
  factsOf({ ...honestHistory, published: [...published, ...more] });

/** The offset of the first record that was added: those of its partition stand before it. */
const nextOffset = published.filter(({ partition }) => partition === again.partition).length;
const evidence = {
  device: aggregate.device.id,
  window: aggregate.window.start,
  topic: "aggregated",
  partition: again.partition,
  offset: nextOffset,
};

test("each record of the raw topic is looked at, and an honest run has no duplicate", () => {
  expect(checkNoDuplicate(factsOf(honestHistory))).toMatchObject({
    ...{ clause: "C2", verdict: "PASS", evaluated: records, counts: {} },
  });
});

test("planted: a revision published twice is named whole, at its second place", () => {
  expect(checkNoDuplicate(factsWith(again)).findings).toEqual([
    { class: "duplicate", ...evidence, found: `revision ${aggregate.revision} published again` },
  ]);
});

test("planted: one that came again with other values is said to have them, whichever it is", () => {
  const t = aggregate.temperature;
  const digest = (at: number) =>
    aggregate.digest.slice(0, at) +
    (aggregate.digest[at] === "0" ? "1" : "0") +
    aggregate.digest.slice(at + 1);
  const others = [
    { ...aggregate, temperature: { ...t, sum: t.sum + 1 } },
    { ...aggregate, temperature: { ...t, min: t.min - 1 } },
    { ...aggregate, temperature: { ...t, max: t.max + 1 } },
    { ...aggregate, digest: digest(7) },
    { ...aggregate, digest: digest(15) },
  ];
  for (const other of others) {
    const [finding] = checkNoDuplicate(factsWith({ ...again, aggregate: other })).findings;
    const values = `count ${other.count}, sum ${other.temperature.sum}`;
    expect(finding?.found).toBe(
      `revision ${aggregate.revision} published again, with other values: ${values}`,
    );
  }
});

test("a revision that came three times is two findings", () => {
  expect(checkNoDuplicate(factsWith(again, again)).counts).toEqual({ duplicate: 2 });
});

/** The record at `again` by `first`, its copy by `second`, all others by `producerOf`. */
function byProducers(first: number, second: number, producerOf: (nth: number) => number) {
  const facts = factsWith(again);
  const { producerId } = facts.topics.aggregated.table.columns;
  for (let nth = 0; nth < published.length; nth++) producerId[nth] = producerOf(nth);
  producerId[40] = first;
  producerId[published.length] = second;
  return checkNoDuplicate(facts).findings.map(({ class: kind, found }) => [kind, found]);
}

test("planted: the older owner of a partition that writes on is a zombie, whoever wrote last", () => {
  const text = `revision ${aggregate.revision} published again`;
  const said = `${text}, by producer 7, whose successor had written it`;
  const owners = (nth: number) => (nth < 20 ? 7 : 8);
  expect(byProducers(8, 7, owners)).toEqual([["zombie-write", said]]);
  expect(byProducers(7, 8, owners)).toEqual([["duplicate", text]]);
  // That the older one wrote again, much later, makes it no younger.
  const back = (nth: number) => (nth < 20 || nth > 60 ? 7 : 8);
  expect(byProducers(8, 7, back)).toEqual([["zombie-write", said]]);
});
