/** Which indices are due, and what becomes of them. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { createMemoryElasticsearch } from "../../../harness/simulation/memory-elasticsearch.ts";
import { systemClock } from "../../../pipeline/clock.ts";
import type { ListedIndex } from "../../../pipeline/sinks/elasticsearch/api.ts";
import { ElasticsearchApiError } from "../../../pipeline/sinks/elasticsearch/api.ts";
import { createElasticsearchSink } from "../../../pipeline/sinks/elasticsearch/elasticsearch-sink.ts";
import { indexNames } from "../../../pipeline/sinks/elasticsearch/index-names.ts";
import { dueIndices } from "../../../pipeline/sinks/elasticsearch/retirement-plan.ts";
import { elasticsearchKcql, elasticsearchSettings } from "./sample-jobs.ts";
import { aggregate, dayMs, midnight, statementOf, writeOf } from "./sample-writes.ts";

const never = new AbortController().signal;
const statement = statementOf(elasticsearchKcql("temps"));
const names = [indexNames(statement)];
const weekly = { afterDays: 7, action: "close" as const };
const job = "sample";

function listed(index: string, state: "open" | "closed" = "open", owner?: string): ListedIndex {
  return { index, state, job: owner ?? job };
}

test("an index is due when the end of its day is afterDays or more away, and not a millisecond before", () => {
  const due = (nowMs: number) =>
    dueIndices([listed("temps-2026.01.14")], { names, job, retirement: weekly, nowMs });
  const past = { index: "temps-2026.01.14", endMs: midnight, state: "open" };
  expect(due(midnight + 7 * dayMs)).toEqual([past]);
  expect(due(midnight + 7 * dayMs - 1)).toEqual([]);
});

test("only what this job made and its statements name to the letter is ever due", () => {
  const others = [
    listed("temps-2026.01.01", "open", "another job"),
    { index: "temps-2026.01.02", state: "open", job: undefined } as const,
    listed("temps-2026.01.03-backup"),
    listed("temps-old"),
    listed("temps"),
    listed("copy-of-temps-2026.01.04"),
    listed(".ds-temps-2026.01.05-000001"),
  ];
  const found = [...others, listed("temps-2026.01.07"), listed("temps-2026.01.06")];
  const due = dueIndices(found, { names, job, retirement: weekly, nowMs: midnight * 2 });
  expect(due.map(({ index }) => index)).toEqual(["temps-2026.01.06", "temps-2026.01.07"]);
});

test("a closed index is due to be deleted, not to be closed", () => {
  const found = [listed("temps-2026.01.01", "closed")];
  const due = (action: "close" | "delete") =>
    dueIndices(found, { names, job, retirement: { afterDays: 7, action }, nowMs: midnight * 2 });
  expect(due("close")).toEqual([]);
  expect(due("delete")).toHaveLength(1);
});

test("whatever an index is called, it is due only if a write goes there and would be retired", () => {
  const names = [indexNames(statement)];
  const text = fc.string({ unit: fc.constantFrom(..."temps-2026.01.34") });
  const dated = fc
    .tuple(fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }), text)
    .map(([day, tail]) => `temps-${day.toISOString().slice(0, 10).replaceAll("-", ".")}${tail}`);
  fc.assert(
    fc.property(fc.oneof(text, dated), (index) => {
      const due = dueIndices([listed(index)], { names, job, retirement: weekly, nowMs: midnight });
      for (const { endMs } of due) {
        expect(names[0]!.placeOf(endMs - 1)).toMatchObject({ index, endMs });
        expect(endMs).toBeLessThanOrEqual(midnight - 7 * dayMs);
      }
    }),
  );
});

async function storeOf(action: "close" | "delete") {
  const store = createMemoryElasticsearch({ clock: systemClock });
  const api = store.connect();
  let nowMs = midnight;
  const settings = {
    ...elasticsearchSettings("http://nowhere:9200"),
    retirement: { afterDays: 7, action },
  };
  const sinkOf = (own = api) =>
    createElasticsearchSink({ api: own, settings, statements: [statement], now: () => nowMs });
  const sink = sinkOf();
  await sink.open(never);
  const days = [-2, -1, 0].map((day) => writeOf(statement, aggregate("a", day * 288, 1)));
  await sink.write(days, never);
  nowMs = midnight + 7 * dayMs;
  return { store, api, sink, sinkOf, days };
}

test("a closed index stays as it is: what still arrives for it is retired without asking the store", async () => {
  const { store, api, sink, days } = await storeOf("close");
  const retired = await sink.retirement!.retire(never);
  expect(retired.map(({ index }) => index)).toEqual(["temps-2026.01.13", "temps-2026.01.14"]);
  expect(await sink.retirement!.due(never)).toEqual([]);
  store.fault("down");
  const results = await sink.write(days.slice(0, 2), never);
  expect(results.map(({ kind }) => kind)).toEqual(["retired", "retired"]);
  store.fault(undefined);
  const states = (await api.listIndices("temps-*", never)).map(({ state }) => state);
  expect(states).toEqual(["closed", "closed", "open"]);
});

test("one index that cannot be deleted does not keep the others, and is named", async () => {
  const { store, api, sinkOf } = await storeOf("delete");
  const deleteIndex = async (index: string, signal: AbortSignal) => {
    if (index.endsWith("13")) throw new ElasticsearchApiError("a snapshot is under way", 400);
    await api.deleteIndex(index, signal);
  };
  await expect(sinkOf({ ...api, deleteIndex }).retirement!.retire(never)).rejects.toMatchObject({
    code: "refused",
    message: expect.stringMatching(
      /^1 indices were retired, 1 not: cannot delete temps-2026.01.13/,
    ),
  });
  expect([...store.indices.keys()]).toEqual(["temps-2026.01.13", "temps-2026.01.15"]);
});

test("a store that is down is not retired from, for now", async () => {
  const { store, sink } = await storeOf("delete");
  store.fault("down");
  for (const ask of [sink.retirement!.due, sink.retirement!.retire]) {
    await expect(ask(never)).rejects.toMatchObject({ code: "unavailable" });
  }
});

test("a job that retires nothing has no retirement", () => {
  const api = createMemoryElasticsearch({ clock: systemClock }).connect();
  const settings = elasticsearchSettings("http://nowhere:9200");
  const sink = createElasticsearchSink({
    ...{ api, settings, statements: [statement], now: () => midnight },
  });
  expect(sink.retirement).toBeUndefined();
});
