import { expect, test } from "vitest";
import { bytesHash } from "../../../harness/expected/bytes-hash.ts";
import { createLedger } from "../../../harness/expected/ledger.ts";
import { createAuditTables } from "../../../harness/facts/audit-tables.ts";
import { reasonCodes } from "../../../harness/facts/rejected-rows.ts";
import { rowOf } from "../../../harness/facts/table.ts";
import { options, plan } from "../checks/history.ts";
import type { RawRecord } from "./brute-force.ts";
import { type Event, logRecord, recordOf } from "./records.ts";

const { startAt, window } = options;
const own = plan.devicesOf(0);
/** Four devices of partition 0: as many as move its stream time, and one. */
const [a, b, c, d] = [0, 1, 2, 3].map((nth) => plan.deviceId(own[nth]!)) as [
  ...[string, string, string, string],
];
const event = (id: string, at: number, more: Partial<Event> = {}): Event => ({
  ...{ id, boot: 0, seq: 0, at: startAt + at, t: 1, harm: "none" },
  ...more,
});

function newLedger() {
  const { tables, rows } = createAuditTables();
  const ledger = createLedger({ plan, span: 64, digestKey: [0, 0] }, rows);
  let offset = 0;
  const fold = (record: RawRecord) => ledger.fold(0, logRecord(record, offset++));
  return { tables, ledger, fold, see: (each: Event) => fold(recordOf(each)) };
}

/** A ledger whose partition 0 has this stream time, in milliseconds after the start. */
function ledgerAt(streamTime: number) {
  const made = newLedger();
  for (const id of [a, b, c]) made.see(event(id, streamTime, { seq: 1_000 }));
  return made;
}

test("a reading is future from the first millisecond on that lies too far ahead", () => {
  const { aheadMs } = window;
  expect(ledgerAt(5_000).see(event(d, 5_000 + aheadMs))).toBe("accepted");
  expect(ledgerAt(5_000).see(event(d, 5_000 + aheadMs + 1))).toBe("future");
});

test("a window is due from the millisecond on at which stream time reached its grace", () => {
  const { sizeMs, graceMs } = window;
  const firstDues = (early: number) => {
    const { see, ledger, tables } = newLedger();
    for (const seq of [0, 1]) see(event(d, 0, { seq }));
    for (const id of [a, b, c]) see(event(id, sizeMs + graceMs - early));
    see(event(d, 0, { seq: 2 }));
    ledger.finish();
    const { device, window: starts, firstDue, count } = tables.windows.columns;
    const row = device.findIndex((known, nth) => known === own[3] && starts[nth] === startAt);
    return [firstDue[row], count[row]];
  };
  // Of three readings the first two were there by then; or the window was never due.
  expect(firstDues(0)).toEqual([2, 3]);
  expect(firstDues(1)).toEqual([0, 3]);
});

test("without a stream time nothing is late and nothing is future", () => {
  const { see, ledger } = newLedger();
  expect(see(event(a, 86_400_000_000))).toBe("accepted");
  expect(see(event(b, -86_400_000_000))).toBe("accepted");
  expect(ledger.finish().partitions[0]?.streamTime).toBeUndefined();
});

test("a refused reading moves stream time all the same; one of another partition does not", () => {
  const { see, ledger } = ledgerAt(0);
  const far = window.aheadMs + 60_000;
  for (const id of [a, b, c]) expect(see(event(id, far, { seq: 5 }))).toBe("future");
  const { fold } = ledger;
  const elsewhere = plan.deviceId(plan.devicesOf(1)[0]!);
  expect(fold(0, logRecord(recordOf(event(elsewhere, 2 * far)), 9))).toBe("wrong-partition");
  expect(ledger.finish().partitions[0]?.streamTime).toBe(startAt + far);
});

test("the key is the id, byte for byte: neither longer, nor shorter, nor with one other byte", () => {
  const { fold, ledger } = newLedger();
  const { key, value } = recordOf(event(a, 0));
  const others = [
    Buffer.concat([key!, Buffer.from("x")]),
    key!.slice(0, -1),
    key!.slice(1),
    key!.with(0, key![0]! ^ 1),
    key!.with(-1, key!.at(-1)! ^ 1),
    new Uint8Array(0),
    null,
  ];
  for (const other of others) expect(fold({ key: other, value })).toBe("wrong-partition");
  expect(fold({ key, value })).toBe("accepted");
  expect(ledger.device()).toBe(own[0]);
  // The same record in the middle of a batch.
  const { bytes, ...places } = logRecord({ key, value }, 0);
  const { keyStart, keyEnd, valueStart, valueEnd, offset } = places;
  const moved = { keyStart: keyStart + 9, keyEnd: keyEnd + 9, valueStart: valueStart + 9 };
  const batch = Buffer.concat([Buffer.alloc(9), bytes, Buffer.alloc(9)]);
  const record = { bytes: batch, offset, ...moved, valueEnd: valueEnd + 9 };
  expect(ledger.fold(0, record)).toBe("duplicate");
});

test("names may be any text, and only text; times up to the farthest that a version can carry", () => {
  const { fold, see, ledger } = newLedger();
  const { key, value } = recordOf(event(a, 0));
  const bent = (of: Uint8Array, text: string, at: number, many = 1) => {
    const bytes = Buffer.from(of);
    const from = bytes.indexOf(text) + at;
    return bytes.fill(0x80, from, from + many);
  };
  for (const at of [0, 2, a.length - 1]) {
    expect(fold({ key: bent(key!, a, at), value: bent(value!, a, at) })).toBe("malformed");
  }
  for (const at of [0, 2]) {
    expect(fold({ key, value: bent(value!, "h-1", at) })).toBe("malformed");
  }
  expect(fold({ key, value: bent(value!, "h-1", 0, 3) })).toBe("malformed");
  expect(ledger.device()).toBe(-1);
  expect(see(event(a, 9e12 - startAt - 1))).toBe("accepted");
  expect(see(event(a, -9e12 - startAt + 1))).toBe("accepted");
  expect(see(event(a, 9e12 - startAt))).toBe("malformed");
  // Text beyond ASCII is text: it has its place, though it is in no plan.
  const foreign = ["é-1", "é-2", "é-3", "é-4"].map((id) => see(event(id, 0)));
  expect(foreign.filter((decision) => decision === "malformed")).toEqual([]);
  expect(ledger.finish().foreignDevices).toEqual(["é-1", "é-2", "é-3", "é-4"]);
});

test("each rejection is on file with its place, its reason and the hash of its bytes", () => {
  const { see, fold, tables, ledger } = ledgerAt(0);
  const rejected: readonly [Event, (typeof reasonCodes)[number]][] = [
    [event(a, 0, { harm: "value" }), "malformed"],
    [event(a, 0, { harm: "no value" }), "malformed"],
    [event(a, 0, { harm: "key" }), "wrong-partition"],
    [event(a, window.aheadMs + 1), "future"],
    [event(a, -window.sizeMs - window.retentionMs), "late"],
  ];
  for (const [each, reason] of rejected) expect(see(each)).toBe(reason);
  expect(fold(recordOf(event(a, 0, { seq: 1_000 })))).toBe("duplicate");
  expect(tables.rejected.length).toBe(rejected.length);
  for (const [row, [each, reason]] of rejected.entries()) {
    const { hi, lo } = bytesHash(logRecord(recordOf(each), 0));
    expect(rowOf(tables.rejected, row)).toEqual({
      ...{ partition: 0, offset: 3 + row, reason: reasonCodes.indexOf(reason) },
      ...{ bytesHi: hi, bytesLo: lo },
    });
  }
  expect(ledger.tally(0)).toMatchObject({
    ...{ partition: 0, records: 9, folded: 3, duplicate: 1 },
    rejected: { malformed: 2, "wrong-partition": 1, future: 1, late: 1, span: 0 },
  });
  expect(ledger.tally(1)).toMatchObject({ partition: 1, records: 0 });
});
