import { expect, test } from "vitest";
import { createRawAudit } from "../../../harness/observe/raw-audit.ts";
import { emptyRawReading } from "../../../pipeline/contract/reading.ts";
import { writeReadingAvro } from "../../../pipeline/contract/reading-avro.ts";
import { at, honestLog, loadEnd, options, plan, span } from "../checks/history.ts";
import type { RawRecord } from "../expected/brute-force.ts";

const until = honestLog.map((log) => log.length);

/** The audit of a finished run whose log has grown since. */
function audited(more: readonly RawRecord[], cutFirst = true) {
  const audit = createRawAudit({ plan, span, digestKey: [0, 0], topic: "raw", until });
  if (cutFirst) audit.cut(loadEnd);
  for (const [partition, log] of honestLog.entries()) {
    const records: readonly RawRecord[] = partition === 0 ? [...log, ...more] : log;
    for (const [offset, record] of records.entries()) audit.push(partition, at(record, offset));
  }
  if (!cutFirst) audit.cut(loadEnd);
  return audit.finish(true);
}

const id = Buffer.from("t-0000003");
const bytes = new Uint8Array(400);
const reading = { ...emptyRawReading(), idBytes: id, idEnd: id.length, boot: 2, seq: 77 };
const stranger = { key: id, value: bytes.slice(0, writeReadingAvro(bytes, 0, reading)) };

test("each record past the end of the run is one phantom, whatever it is, and is not folded", () => {
  const honest = audited([]);
  expect(honest.findings).toEqual([]);
  const again = honestLog[0]![40]!;
  const malformed = { key: null, value: Buffer.from("?") };
  const grown = audited([stranger, again, malformed]);
  const place = { class: "phantom", topic: "raw", partition: 0, found: "after the end of the run" };
  const device = Buffer.from(again.key!).toString();
  expect(grown.findings).toEqual([
    { ...place, offset: until[0], device: "t-0000003", boot: 2, seq: 77 },
    { ...place, offset: until[0]! + 1, device, boot: 0, seq: again.index },
    { ...place, offset: until[0]! + 2, device: "" },
  ]);
  expect(grown.counts).toEqual({ phantom: 3 });
  const endOffset = until[0]! + 3;
  const [first, ...others] = honest.partitions;
  expect(grown.partitions).toEqual([{ ...first, endOffset }, ...others]);
  expect(grown.windows.length).toBe(honest.windows.length);
});

test("the same before anybody has said where the load ended", () => {
  expect(audited([stranger], false).counts).toEqual({ phantom: 1 });
});

test("near miss: the log is as long as it was, or the end is not known", () => {
  expect(audited([]).partitions.map(({ endOffset }) => endOffset)).toEqual(until);
  const open = createRawAudit({ plan, span, digestKey: [0, 0], topic: "raw" });
  for (const [p, log] of honestLog.entries()) {
    for (const [offset, record] of log.entries()) open.push(p, at(record, offset));
  }
  open.cut(loadEnd);
  expect(open.finish(true).findings).toEqual([]);
  expect(options.partitions).toBe(2);
});
