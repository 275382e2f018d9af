import { expect, test } from "vitest";
import type { Clock } from "../../../pipeline/clock.ts";
import type { Statement } from "../../../pipeline/kcql/statement.ts";
import type { CassandraApi, Row, RowPlan } from "../../../pipeline/sinks/cassandra/api.ts";
import type { BulkItem, ElasticsearchApi } from "../../../pipeline/sinks/elasticsearch/api.ts";
import {
  retriable,
  type Sink,
  type SinkWrite,
  stored,
  type WriteResult,
} from "../../../pipeline/sinks/sink.ts";
import type { Bug } from "../../planted/bug.ts";
import { bulkErrorsIgnored } from "../../planted/job-bugs/bulk-errors-ignored.ts";
import { clockAsTimestamp } from "../../planted/job-bugs/clock-as-timestamp.ts";
import { conflictRetried } from "../../planted/job-bugs/conflict-retried.ts";
import { counterRetried } from "../../planted/job-bugs/counter-retried.ts";
import { errorsSwallowed } from "../../planted/job-bugs/errors-swallowed.ts";
import { generatedIds } from "../../planted/job-bugs/generated-ids.ts";
import { offsetAsId } from "../../planted/job-bugs/offset-as-id.ts";
import { offsetAsVersion } from "../../planted/job-bugs/offset-as-version.ts";
import { processingDayIndex } from "../../planted/job-bugs/processing-day-index.ts";
import { wholeBulkAgain } from "../../planted/job-bugs/whole-bulk-again.ts";

const { signal } = new AbortController();

function writeOf(offset: number, count = 30): SinkWrite {
  return {
    action: "write",
    statement: {} as Statement,
    document: { count },
    json: undefined,
    id: ["t-1", 5],
    version: 7,
    timeMs: 5,
    record: { topic: "aggregated", partition: 2, offset },
  };
}

/** Gives each attempt its results, and keeps what it was sent. */
function recorder(...attempts: readonly (readonly WriteResult[])[]) {
  const sent: (readonly SinkWrite[])[] = [];
  const sink = {
    write: async (batch: readonly SinkWrite[]) => {
      sent.push(batch);
      return attempts[sent.length - 1] ?? batch.map(() => stored);
    },
  } as unknown as Sink;
  return { sink, sent };
}

function atTime(bug: Bug, ms: number): Bug {
  bug.jobClock?.({ now: () => ms } as Clock);
  return bug;
}

const refused = retriable(new Error("429"), { overloaded: true, definite: true });
const unknown = retriable(new Error("no answer"));

test("ids and versions from elsewhere than the event differ where the event does not", async () => {
  const [first, again] = [writeOf(10), writeOf(11)];
  for (const [wrap, what] of [
    [generatedIds, "id"],
    [offsetAsId, "id"],
    [offsetAsVersion, "version"],
  ] as const) {
    const { sink, sent } = recorder();
    await wrap(sink, "elasticsearch").write([first, again], signal);
    const [one, other] = sent[0]!.map((write) => write[what]);
    expect(one).not.toEqual(other);
  }
});

test("a job's bug leaves the other store alone", () => {
  const { sink } = recorder();
  expect(generatedIds(sink, "cassandra")).toBe(sink);
  expect(counterRetried(sink, "elasticsearch")).toBe(sink);
});

test("after one refused item the whole bulk goes again with new ids, and only then", async () => {
  const batch = [writeOf(1), writeOf(2)];
  const { sink, sent } = recorder([stored, refused]);
  const bug = wholeBulkAgain(sink, "elasticsearch");
  const results = await bug.write(batch, signal);
  expect(results.map(({ kind }) => kind)).toEqual(["retriable", "retriable"]);
  expect(await bug.write(batch, signal)).toEqual([stored, stored]);
  expect(sent[0]).toEqual(batch);
  expect(sent[1]!.map(({ id }) => id)).toEqual(batch.map(({ id }) => [...id, 1]));
});

test("items of a bulk are not read, or a conflict among them is taken for an outage", async () => {
  const items: readonly BulkItem[] = [{ status: 201 }, { status: 429 }, { status: 409 }];
  const api = { bulk: async () => items } as unknown as ElasticsearchApi;
  const statuses = async (of: ElasticsearchApi): Promise<readonly number[]> =>
    (await of.bulk(Buffer.alloc(0), signal)).map(({ status }) => status);
  expect(await statuses(bulkErrorsIgnored(api))).toEqual([201, 201, 201]);
  expect(await statuses(conflictRetried(api))).toEqual([201, 429, 503]);
});

test("what was refused, or had no answer, counts as stored", async () => {
  const { sink } = recorder([refused, unknown]);
  const results = await errorsSwallowed(sink, "elasticsearch").write(
    [writeOf(1), writeOf(2)],
    signal,
  );
  expect(results).toEqual([stored, stored]);
});

test("an increment without an answer counts again, one that was surely refused does not", async () => {
  for (const [result, count] of [
    [unknown, 60],
    [refused, 30],
  ] as const) {
    const { sink, sent } = recorder([result]);
    const bug = counterRetried(sink, "cassandra");
    const write = writeOf(1);
    await bug.write([write], signal);
    await bug.write([write], signal);
    expect(sent.map(([one]) => one?.document)).toEqual([{ count: 30 }, { count }]);
    await bug.write([writeOf(2, 31)], signal);
    expect(sent[2]?.[0]?.document).toEqual({ count: count + 1 });
  }
});

test("the time of the write takes the place of the event's", async () => {
  const { sink, sent } = recorder();
  await atTime(processingDayIndex(), 999)
    .sink?.(sink, "elasticsearch")
    .write([writeOf(1)], signal);
  expect(sent[0]?.[0]?.timeMs).toBe(999);
  const rows: Row[] = [];
  const api = {
    apply: async (_plan: RowPlan, some: readonly Row[]) => void rows.push(...some),
  } as unknown as CassandraApi;
  const row: Row = { cells: [], timestampMicros: 7, ttlSeconds: undefined };
  await atTime(clockAsTimestamp(), 999)
    .cassandra?.(api)
    .apply({} as RowPlan, [row], signal);
  expect(rows).toEqual([{ ...row, timestampMicros: 999_000 }]);
});
