/** `fleetproof kcql`: a statement in words. */
import { expect, test } from "vitest";
import { explainKcql } from "../../../pipeline/kcql/explain.ts";
import type { KcqlMode } from "../../../pipeline/kcql/parser.ts";

function explain(text: string, mode: KcqlMode = "strict"): string {
  const explained = explainKcql(text, mode);
  if (!explained.ok) throw new Error(explained.fault.message);
  return explained.lines.join("\n");
}

test("what is read, kept, written where, and by which clause", () => {
  const text =
    "UPSERT INTO temps SELECT device.id, sensor.*, _.offset AS o, _key AS k, _header.trace FROM t.data IGNORE sensor.target " +
    "AUTOCREATE PK device.id, _.key.zone BATCH=500 WITHINDEXSUFFIX=`-{yyyy.MM.dd}` TTL=604800";
  expect(explain(text).split("\n")).toEqual([
    "  reads            every record of the topic 't.data'",
    "  keeps            these fields, flat, none within another:",
    "                   device.id, as 'id'",
    "                   all fields within sensor, under their own names",
    "                   the record's offset in Kafka, as 'o'",
    "                   the record's key, as 'k'",
    "                   the header 'trace', as 'trace'",
    "  writes to        'temps-{yyyy.MM.dd}', for example 'temps-2026.01.15' for 15 January 2026",
    "  by               UPSERT: each record is written whole; an older version never replaces a newer one",
    "  IGNORE           leaves out sensor.target",
    "  AUTOCREATE       the target is created if it is not there",
    "  PK               a record is known by device.id and zone of the record's key: sent again, it overwrites itself",
    "  BATCH            at most 500 records in one request to the store",
    "  WITHINDEXSUFFIX  '-{yyyy.MM.dd}' is added to the index's name; what is in braces is a date, in UTC",
    "  TTL              what is written is forgotten 7 days after the record's own time",
  ]);
});

test("in compat mode what is careless stands below, and the wrong date is shown", () => {
  const said = explain("INSERT INTO a SELECT * FROM t WHERE x WITHINDEXSUFFIX={YYYY}", "compat");
  expect(said).toMatch(/the topic 'tWHEREx'/);
  expect(said).toMatch(/'a2026' for 15 January 2026 and 'a2019' for 31 December 2018/);
  expect(said).toMatch(/Careless, and refused in strict mode:\n {2}column 31: 'WHERE' is glued/);
});

test("what no sink runs is explained all the same, and said to be refused", () => {
  expect(explain("UPDATE INTO a SELECT * FROM t STOREAS SS; SELECT * FROM t")).toMatch(
    /Statement 1 of 2.*no sink here acts on this clause.*a job with it is refused.*writes nowhere/s,
  );
});

test("strict mode points at the first slip, compat at errors only", () => {
  const cut = explainKcql("INSERT INTO a SELECT * FROM t WITHINDEXSUFFIX=-{yyyy.MM.dd}", "strict");
  expect(cut).toMatchObject({ ok: false, fault: { column: 53 } });
  const dated = explain("INSERT INTO a SELECT * FROM t WITHINDEXSUFFIX=-{yyyy.MM.dd}", "compat");
  expect(dated).toMatch(/which has no valid date: braces do not match/);
  expect(explainKcql(";", "compat")).toMatchObject({ ok: false });
  expect(explainKcql("SELECT", "compat")).toMatchObject({ ok: false });
});
