import fc from "fast-check";
import { expect, test } from "vitest";
import { keyPartition } from "../../../harness/expected/key-partition.ts";
import { createLedger, type LedgerFacts } from "../../../harness/expected/ledger.ts";
import type { AuditTables } from "../../../harness/facts/audit-facts.ts";
import { createAuditTables } from "../../../harness/facts/audit-tables.ts";
import { digestText } from "../../../harness/facts/digest-text.ts";
import { rowOf } from "../../../harness/facts/table.ts";
import { createPlan, type Plan, type PlanOptions } from "../../../simulator/plan.ts";
import { bruteForce, foldOf, type Model, type RawRecord } from "./brute-force.ts";
import { type Event, logRecord, recordOf } from "./records.ts";

const startAt = Date.UTC(2026, 0, 15);
const options: PlanOptions = {
  seed: 1,
  devices: 6,
  everyMs: 10_000,
  startAt,
  loadMs: 300_000,
  partitions: 2,
  format: "avro",
  window: { sizeMs: 60_000, graceMs: 10_000, retentionMs: 60_000, aheadMs: 120_000, quorum: 2 },
  mix: { outOfOrder: 0, revising: 0, late: 0, duplicated: 0, malformed: 0, missing: 0 },
};
const plan = createPlan(options);
const span = 64;

type Facts = LedgerFacts & AuditTables;

function play(ofPlan: Plan, events: readonly Event[]): { models: Model[]; facts: Facts } {
  const { tables, rows } = createAuditTables();
  const ledger = createLedger({ plan: ofPlan, span, digestKey: [0, 0] }, rows);
  const models = [0, 1].map((partition) => bruteForce(ofPlan.options, partition, span));
  for (const [index, event] of events.entries()) {
    const record = recordOf(event);
    const own = keyPartition(new TextEncoder().encode(event.id), 2);
    const partition = event.boot === 3 ? 1 - own : own;
    const decision = ledger.fold(partition, logRecord(record, index));
    expect(decision).toBe(models[partition]!.fold(record));
  }
  return { models, facts: { ...ledger.finish(), ...tables } };
}

function expectSameWindows(models: readonly Model[], facts: Facts): void {
  const names = [...Array(plan.allDevices).keys()].map((device) => plan.deviceId(device));
  names.push(...facts.foreignDevices);
  const wanted = new Map(models.flatMap((model) => [...model.windows]));
  expect(facts.windows.length).toBe(wanted.size);
  for (let row = 0; row < facts.windows.length; row++) {
    const found = rowOf(facts.windows, row);
    const window = wanted.get(`${names[found.device]}/${found.window}`)!;
    const { count, min, max, sum, firstDue } = found;
    const digest = digestText(found.digestHi, found.digestLo);
    const final = foldOf(window, window.accepted.length);
    expect({ count, min, max, sum, digest, firstDue }).toEqual({
      ...final,
      firstDue: window.firstDue,
    });
    const revised = window.firstDue === 0 ? 0 : window.accepted.length - window.firstDue;
    const earlier = [...Array(facts.revisions.length).keys()]
      .map((index) => rowOf(facts.revisions, index))
      .filter((each) => each.row === row);
    expect(earlier).toHaveLength(revised);
    for (const each of earlier) {
      const { count: k, min: low, max: high, sum: total } = each;
      const state = { count: k, min: low, max: high, sum: total };
      expect({ ...state, digest: digestText(each.digestHi, each.digestLo) }).toEqual(
        foldOf(window, k),
      );
    }
  }
}

const ids = fc.constantFrom("t-0000000", "t-0000001", "t-0000002", "t-0000005", "stranger", "x");
const events = fc.array(
  fc.record({
    id: ids,
    boot: fc.constantFrom(0, 0, 0, 0, 1, 3),
    seq: fc.oneof({ weight: 6, arbitrary: fc.nat(40) }, fc.nat(4000)),
    at: fc.integer({ min: -30, max: 420 }).map((s) => startAt + s * 1000),
    t: fc.integer({ min: -3000, max: 5000 }),
    harm: fc.constantFrom(
      "none",
      "none",
      "none",
      "none",
      "none",
      "value",
      "no value",
      "key",
      "no key",
    ),
  } satisfies Record<keyof Event, fc.Arbitrary<unknown>>),
  { maxLength: 120 },
);

test("the ledger decides and folds as a model with plain maps does, whatever the log holds", () => {
  fc.assert(
    fc.property(events, (log) => {
      const { models, facts } = play(plan, log as Event[]);
      expectSameWindows(models, facts);
      for (const { partition, streamTime } of facts.partitions) {
        expect(streamTime).toBe(models[partition]!.streamTime());
      }
    }),
    { numRuns: 300 },
  );
});

test("the ledger agrees with the model where seqs fit the plan, so that its bits are in use", () => {
  const planned = fc.array(
    fc.record({
      device: fc.nat(5),
      index: fc.nat(29),
      t: fc.integer({ min: 1500, max: 2500 }),
    }),
    { minLength: 50, maxLength: 150 },
  );
  fc.assert(
    fc.property(planned, (log) => {
      const inOrder = log.map(({ device, index, t }) => {
        const at = startAt + plan.phaseOf(device) + index * options.everyMs;
        return { id: plan.deviceId(device), boot: 0, seq: index, at, t, harm: "none" } as const;
      });
      const { models, facts } = play(plan, inOrder);
      expectSameWindows(models, facts);
    }),
    { numRuns: 100 },
  );
});

test("the seventeenth distinct seq outside the span is rejected, and stays rejected", () => {
  const [id, boot, t, harm] = ["t-0000001", 0, 2000, "none"] as const;
  const far = Array.from({ length: 18 }, (_, k) => 1000 + k);
  const log = [0, ...far, 1017, 1000].map((seq) => ({ id, boot, seq, at: startAt, t, harm }));
  const { facts } = play(plan, log);
  const tally = facts.partitions[keyPartition(new TextEncoder().encode(id), 2)]!;
  expect(tally).toMatchObject({ records: 21, folded: 17, duplicate: 1 });
  expect(tally.rejected.span).toBe(3);
});

test("a reading is late from the millisecond on at which stream time reached retention", () => {
  const { sizeMs, retentionMs } = options.window;
  const own = [...Array(6).keys()].filter((device) => plan.partitionOf(device) === 0);
  const [a, b] = own.map((device) => plan.deviceId(device));
  const steps = (end: number): readonly Event[] =>
    [a!, b!].flatMap((id) =>
      [0, 60_000, end].map((at, seq) => ({
        id,
        boot: 1,
        seq,
        at: startAt + at,
        t: 1,
        harm: "none" as const,
      })),
    );
  const straggler = { id: a!, boot: 2, seq: 0, at: startAt, t: 1, harm: "none" } as const;
  for (const [early, decision] of [
    [1, "accepted"],
    [0, "late"],
  ] as const) {
    const log = [...steps(sizeMs + retentionMs - early), straggler];
    expect(play(plan, log).models[0]!.decisions.at(-1)).toBe(decision);
  }
});

test("a reading that no aggregate could carry is malformed: a name that is no text, a far-off time", () => {
  const ledger = createLedger({ plan, span, digestKey: [0, 0] }, createAuditTables().rows);
  const good = { id: plan.deviceId(0), boot: 0, seq: 0, at: startAt, t: 1, harm: "none" } as const;
  const partition = plan.partitionOf(0);
  const decide = (record: RawRecord): string => ledger.fold(partition, logRecord(record, 0));
  const { key, value } = recordOf(good);
  const broken = Buffer.from(value!);
  broken[broken.indexOf("h-1") + 1] = 0xff;
  expect(decide({ key, value: broken })).toBe("malformed");
  expect(decide(recordOf({ ...good, at: 9e12 }))).toBe("malformed");
  expect(decide(recordOf({ ...good, at: -9e12 }))).toBe("malformed");
  expect(decide({ key, value })).toBe("accepted");
});

test("windows that no reading can reach are handed on while the log goes, however long it is", () => {
  const { tables, rows } = createAuditTables();
  const ofPlan = createPlan({ ...options, devices: 16, loadMs: 200 * options.window.sizeMs });
  const ledger = createLedger({ plan: ofPlan, span, digestKey: [0, 0] }, rows);
  const [id, harm] = [(device: number) => ofPlan.deviceId(device), "none"] as const;
  let most = 0;
  for (let round = 0; round < ofPlan.readingsOf(0); round++) {
    for (let device = 0; device < 16; device++) {
      const at = startAt + ofPlan.phaseOf(device) + round * options.everyMs;
      const record = recordOf({ id: id(device), boot: 0, seq: round, at, t: 1, harm });
      ledger.fold(ofPlan.partitionOf(device), logRecord(record, round));
      most = Math.max(most, ledger.openWindows());
    }
  }
  // This window, the one before, and the one that stream time is about to leave behind.
  expect(most).toBeLessThanOrEqual(16 * 3);
  expect(tables.windows.length).toBeGreaterThan(16 * 190);
  ledger.finish();
  expect(ledger.openWindows()).toBe(0);
  expect(tables.windows.length).toBe(16 * 200);
  const { partition, window } = tables.windows.columns;
  for (const own of [0, 1]) {
    const starts = [...window.subarray(0, tables.windows.length)].filter(
      (_, row) => partition[row] === own,
    );
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
  }
});

test("a slot that is used again knows nothing of the window that lay there", () => {
  const { sizeMs } = options.window;
  const harm = "none" as const;
  const log = [...Array(30).keys()].flatMap((nth) =>
    [0, 1, 2, 3, 4, 5].flatMap((device) =>
      [0, 1].map((boot) => {
        const at = startAt + nth * 2 * sizeMs;
        return { id: plan.deviceId(device), boot, seq: 5, at, t: nth, harm };
      }),
    ),
  );
  const { models, facts } = play(plan, log);
  expectSameWindows(models, facts);
  expect(facts.partitions.map(({ duplicate }) => duplicate)).toEqual([0, 0]);
});
