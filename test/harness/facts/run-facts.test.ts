import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { judge } from "../../../harness/checks/judge.ts";
import { parseAckRanges } from "../../../harness/facts/ack-ranges.ts";
import { oneBucket } from "../../../harness/facts/buckets.ts";
import { readRunFacts, writeRunRecord } from "../../../harness/facts/run-facts.ts";
import { addValues, copyTable, createTable, rowOf } from "../../../harness/facts/table.ts";
import { readTable, writeTable } from "../../../harness/facts/table-file.ts";
import { factsOf, honestHistory } from "../checks/history.ts";
import { writeAuditFacts, writeTopicFacts } from "./write-earlier-version.ts";
import { writeStores } from "./write-stores.ts";

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "fleetproof-facts-"));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

const spec = { a: "u8", b: "f64", c: "i32" } as const;

function exampleTable() {
  const table = createTable(spec, 1);
  for (let i = 0; i < 100; i++) addValues(table, { a: i, b: i === 7 ? Number.NaN : i / 3, c: -i });
  return table;
}

test("a run folder is judged again, offline, to the same judgement", async () => {
  const rows = honestHistory.cassandra;
  const history = { ...honestHistory, cassandra: [...rows.slice(1), rows[5]!] };
  const facts = factsOf(history);
  const path = await folder();
  await writeAuditFacts(path, facts.audit);
  await writeTopicFacts(path, facts.topics);
  await writeRunRecord(path, facts.record);
  await writeStores(path, facts.stores, oneBucket);
  const lines = facts.acks.map(
    (range) => `${JSON.stringify({ atMs: 1, baseOffset: 0, ...range })}\n`,
  );
  await writeFile(join(path, "acks-0.ndjson"), lines[0]!);
  await writeFile(join(path, "acks-1.ndjson"), lines[1]!);
  const again = judge(await readRunFacts(path));
  // Nobody looks at revisions here, and a folder without those looks says so.
  expect(again).toEqual(judge({ ...facts, seen: "not-kept" }));
  expect(again.verdict).toBe("FAIL");
});

test("a folder without its facts is unreadable, not empty", async () => {
  await expect(readRunFacts(await folder())).rejects.toMatchObject({ code: "facts-unreadable" });
});

test("a table comes back from its file as it was", async () => {
  const file = join(await folder(), "t.rows");
  const table = exampleTable();
  await writeTable(file, table);
  const back = await readTable(file, spec);
  expect(back.length).toBe(100);
  for (let i = 0; i < 100; i++) expect(rowOf(back, i)).toEqual(rowOf(table, i));
});

test("a cut file, a longer one, and one of other columns are refused", async () => {
  const file = join(await folder(), "t.rows");
  await writeTable(file, exampleTable());
  const bytes = await readFile(file);
  for (const bad of [bytes.subarray(0, -1), Buffer.concat([bytes, bytes]), Buffer.alloc(0)]) {
    await writeFile(file, bad);
    await expect(readTable(file, spec)).rejects.toMatchObject({ code: "facts-unreadable" });
  }
  await writeFile(file, bytes);
  await expect(readTable(file, { ...spec, d: "u8" })).rejects.toThrow("does not hold the columns");
});

test("a copy without a row shares nothing and keeps the order", () => {
  const table = exampleTable();
  const copy = copyTable(table, 3);
  copy.columns.b[0] = 99;
  expect(copy.length).toBe(99);
  expect([...copy.columns.a.subarray(0, 5)]).toEqual([0, 1, 2, 4, 5]);
  expect(table.columns.b[0]).toBe(0);
});

test("ack lines are read; a last line without an end may be cut, any other may not", () => {
  const line = '{"atMs":5,"partition":1,"from":0,"to":9,"outcome":"acked","baseOffset":3}';
  const range = { partition: 1, from: 0, to: 9, outcome: "acked" };
  expect(parseAckRanges(`${line}\n${line}\n`)).toEqual([range, range]);
  expect(parseAckRanges(`${line}\n${line.slice(0, 30)}`)).toEqual([range]);
  expect(parseAckRanges(line)).toEqual([range]);
  expect(() => parseAckRanges(`${line.slice(0, 30)}\n${line}\n`)).toThrow("line 1 of the acks");
});
