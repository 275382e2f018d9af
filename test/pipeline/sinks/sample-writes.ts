/** Writes for the tests of sinks and jobs, made from real aggregates by the code that jobs use. */
import { expect } from "vitest";
import { compileStatement, decodeDocument } from "../../../pipeline/connect/record-to-write.ts";
import { type Aggregate, encodeAggregate } from "../../../pipeline/contract/aggregate.ts";
import { parseKcql } from "../../../pipeline/kcql/parser.ts";
import type { Statement } from "../../../pipeline/kcql/statement.ts";
import type { SinkWrite } from "../../../pipeline/sinks/sink.ts";

/** 2026-01-15T00:00:00Z. */
export const midnight = 1_768_435_200_000;
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
  const fields = { version: ["version"], time: ["window", "start"] };
  const coordinates = { topic: statement.topic, partition: 0, offset: 0 };
  const converted = compileStatement(statement, fields)(decodeDocument(json)!, json, coordinates);
  if (!converted.ok) throw new Error(converted.message);
  return converted.write;
}
