import { cpSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Judgement, judge } from "../../../harness/checks/judge.ts";
import { type RunFacts, readRunFacts } from "../../../harness/facts/run-facts.ts";
import { addValues, rowOf } from "../../../harness/facts/table.ts";
import { type Aggregate, encodeAggregate } from "../../../pipeline/contract/aggregate.ts";
import { factsOf, type History, honestHistory } from "./history.ts";
import { onFile } from "./on-file.ts";

const { log, published, refused, elasticsearch, cassandra } = honestHistory;

/** Both judgements of the same facts: by bucket from file, and whole from memory. */
async function judgeTwice(
  history: History,
  many: number,
  facts: RunFacts = factsOf(history),
): Promise<readonly [byBucket: Judgement, whole: Judgement]> {
  const found = await readRunFacts(await onFile(history, facts, many));
  expect(found.buckets).toBe(many);
  // Nobody looks at revisions here.
  return [judge(found), judge({ ...facts, seen: "not-kept" })];
}

/** All that may not depend on the order in which rows are looked at. */
function essence({ results, findings, violations, ...rest }: Judgement) {
  const sorted = (list: readonly object[]) => list.map((each) => JSON.stringify(each)).toSorted();
  return {
    ...rest,
    clauses: results.map((result) => ({ ...result, findings: 0, violations: 0 })),
    findings: sorted(findings),
    violations: sorted(violations.named),
    all: violations.all,
  };
}

/** Takes out, doubles or bends some of a list. */
function bent<T>(list: readonly T[], bend: (item: T) => T): fc.Arbitrary<readonly T[]> {
  const change = fc.tuple(fc.nat(list.length - 1), fc.constantFrom("gone", "twice", "bent"));
  return fc.array(change, { maxLength: 4 }).map((changes) => {
    const byPlace = new Map(changes);
    return list.flatMap((item, place) => {
      const done = byPlace.get(place);
      if (done === "gone") return [];
      if (done === "twice") return [item, item];
      return [done === "bent" ? bend(item) : item];
    });
  });
}

type Holding = { readonly aggregate: Aggregate };
const withSum = <T extends Holding>(item: T): T => {
  const { temperature } = item.aggregate;
  const wrong = { ...temperature, sum: temperature.sum + 1 };
  return { ...item, aggregate: { ...item.aggregate, temperature: wrong } };
};
const ofSomebody = <T extends Holding>(item: T): T => {
  const device = { ...item.aggregate.device, id: "somebody-else" };
  return { ...item, aggregate: { ...item.aggregate, device } };
};

const histories = fc
  .record({
    published: fc.oneof(bent(published, withSum), bent(published, ofSomebody)),
    refused: bent(refused, (item) => ({ ...item, reason: "span" })),
    elasticsearch: bent(elasticsearch, withSum),
    cassandra: bent(cassandra, ofSomebody),
    first: bent(log[0]!, (item) => ({ ...item, value: Buffer.from("poison") })),
    topicsReachedEnd: fc.boolean(),
    rawReachedEnd: fc.boolean(),
  })
  .map(({ first, ...changes }): History => {
    return { ...honestHistory, ...changes, log: [first, log[1]!] };
  });

test("whatever was done to a run, it is judged by bucket as it is judged whole", async () => {
  await fc.assert(
    fc.asyncProperty(histories, fc.integer({ min: 1, max: 9 }), async (history, many) => {
      const [byBucket, whole] = await judgeTwice(history, many);
      expect(essence(byBucket)).toEqual(essence(whole));
    }),
    { numRuns: 6 },
  );
});

test("one bucket, too, is judged to the letter as what is in memory", async () => {
  const bad = { ...honestHistory, cassandra: [...cassandra.slice(2), cassandra[7]!] };
  const [byBucket, whole] = await judgeTwice(bad, 1);
  expect(byBucket).toEqual(whole);
  expect(whole.verdict).toBe("FAIL");
});

test("an older owner is told from its successor where their records are in another bucket", async () => {
  const facts = factsOf(honestHistory);
  const { table } = facts.topics.aggregated;
  const { partition, offset, producerId } = table.columns;
  const many = table.length;
  let last = -1;
  for (let row = 0; row < many; row++) {
    if (partition[row] !== 0) continue;
    if (offset[row] === 0) producerId[row] = 5;
    last = row;
  }
  addValues(table, { ...rowOf(table, last), offset: 10_000, producerId: 5 });
  const [byBucket, whole] = await judgeTwice(honestHistory, 6, facts);
  expect(essence(byBucket)).toEqual(essence(whole));
  const unique = byBucket.results.find(({ clause }) => clause === "C2");
  expect(unique?.counts).toEqual({ "zombie-write": 1 });
});

test("a second writer is judged apart in every bucket, also where it has written nothing", async () => {
  const record = { secondWriters: [9] };
  const history = { ...honestHistory, record };
  const facts = factsOf(history);
  const { table } = facts.topics.aggregated;
  const before = await judgeTwice(history, 5, facts);
  expect(before.map(({ verdict }) => verdict)).toEqual(["UNKNOWN", "UNKNOWN"]);
  addValues(table, { ...rowOf(table, 3), offset: 10_000, producerId: 9 });
  const [byBucket, whole] = await judgeTwice(history, 5, facts);
  expect(essence(byBucket).clauses).toEqual(essence(whole).clauses);
  const truth = byBucket.results.find(({ clause }) => clause === "C6");
  expect(truth?.counts["lost-write"]).toBeGreaterThan(100);
});

test("dead letters are laid beside the records and rows of every bucket", async () => {
  const skipped = [elasticsearch[3]!, elasticsearch[41]!, elasticsearch[60]!];
  const offsets = [0, 0];
  const records = published.map((each) => ({ ...each, offset: offsets[each.partition]!++ }));
  const keyOf = ({ device, window }: Aggregate): string => `${device.id}/${window.start}`;
  const letters = skipped.map(({ aggregate }) => {
    const record = records.findLast((each) => keyOf(each.aggregate) === keyOf(aggregate))!;
    return { ...record, value: encodeAggregate(record.aggregate) };
  });
  const [first, second] = letters;
  const { offset, partition, value } = first!;
  const history: History = {
    ...honestHistory,
    elasticsearch: elasticsearch.filter((row) => !skipped.includes(row)),
    letters: [
      { partition, offset, value },
      { partition, offset: 99_999, value },
      { partition: second!.partition, offset: second!.offset, value },
    ],
  };
  const [byBucket, whole] = await judgeTwice(history, 7);
  expect(essence(byBucket)).toEqual(essence(whole));
  const clause = byBucket.results.find((result) => result.clause === "C13");
  expect(clause?.counts).toEqual({ "silent-drop": 1, phantom: 1, corrupt: 1 });
  expect(byBucket.stores["elasticsearch"]).toMatchObject({ missing: 3, skipped: 2 });
});

test("facts that are divided in another way than the ledger are refused", async () => {
  const folder = await onFile(honestHistory, factsOf(honestHistory), 3);
  const other = await onFile(honestHistory, factsOf(honestHistory), 4);
  for (const file of ["aggregated.rows", "rejected-topic.rows"]) {
    cpSync(`${other}/${file}`, `${folder}/${file}`);
  }
  await expect(readRunFacts(folder)).rejects.toThrow("are not divided alike");
});
