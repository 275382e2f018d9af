/**
 * Writes for the tests of sinks and jobs, made from real aggregates. How a job makes them is not the sinks' affair:
 * here it is done in the slow and obvious way, for statements of plain value paths, flattened.
 */
import { expect } from "vitest";
import { type Aggregate, encodeAggregate } from "../../../pipeline/contract/aggregate.ts";
import { parseKcql } from "../../../pipeline/kcql/parser.ts";
import type { JsonObject } from "../../../pipeline/kcql/path.ts";
import { type Path, type Statement, selectsAll } from "../../../pipeline/kcql/statement.ts";
import type { SinkWrite } from "../../../pipeline/sinks/sink.ts";

/** 2026-01-15T00:00:00Z. */
export const midnight = 1_768_435_200_000;
export const dayMs = 86_400_000;
const windowMs = 300_000;

/** The aggregate of one device's n-th window after midnight. */
export function aggregate(device: string, nth: number, revision: number): Aggregate {
  const start = midnight + nth * windowMs;
  const end = start + windowMs;
  return {
    device: { id: device, home: `home of ${device}`, model: "SLR2" },
    window: { start, end, day: new Date(start).toISOString().slice(0, 10) },
    count: revision,
    temperature: { min: 18.92, max: 20.41, mean: 19.730333333333334, sum: 1973 * revision },
    revision,
    version: end * 1000 + revision,
    digest: "4048969ebe7149d4",
  };
}

export function statementOf(kcql: string): Statement {
  const parsed = parseKcql(kcql);
  expect(parsed).toMatchObject({ ok: true });
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return parsed.statements[0]!;
}

/** The write of `record`, as a job would make it. `change` alters the JSON first, to make it unfit. */
export function writeOf(
  statement: Statement,
  record: Aggregate,
  change: (json: string) => string = (json) => json,
): SinkWrite {
  const json = Buffer.from(change(Buffer.from(encodeAggregate(record)).toString()));
  const value = JSON.parse(json.toString()) as JsonObject;
  const whole = selectsAll(statement.columns);
  const columns = statement.columns.map(
    ({ path, alias }) => [alias, valueAt(value, path)] as const,
  );
  return {
    action: "write",
    statement,
    document: whole
      ? undefined
      : Object.fromEntries(columns.filter(([, held]) => held !== undefined)),
    json: whole ? json : undefined,
    id: statement.primaryKey.map(({ path }) => valueAt(value, path) as string | number),
    version: record.version,
    timeMs: record.window.start,
    record: { topic: statement.topic, partition: 0, offset: 0 },
  };
}

/** The tombstone of what `record` wrote, with its version. */
export function tombstoneOf(statement: Statement, record: Aggregate): SinkWrite {
  const write = writeOf(statement, record);
  return { ...write, action: "delete", document: {}, json: undefined };
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce((held, name) => (held as JsonObject | undefined)?.[name], value);
}
