import { expect, test } from "vitest";
import { createExpectedSends } from "../../../harness/expected/expected-sends.ts";
import { createLedger } from "../../../harness/expected/ledger.ts";
import { createAuditTables } from "../../../harness/facts/audit-tables.ts";
import { createPlan, fates, type PlanOptions } from "../../../simulator/plan.ts";
import { loadEnd, options } from "../checks/history.ts";
import { logRecord } from "./records.ts";

/** Every fate of a reading, devices that restart, and two that send ten times as often. */
const rich: PlanOptions = {
  ...options,
  mix: { ...options.mix, malformed: 0.05, wrongClock: 0.05 },
  rebooted: 0.02,
  hot: { devices: 2, everyMs: 1_000 },
};

/** All sends of the plan by the ledger; `known`: as readings of the plan, else taken apart. */
function folded(of: PlanOptions, known: boolean, misplaced = false) {
  const plan = createPlan(of);
  const { tables, rows } = createAuditTables();
  const ledger = createLedger({ plan, span: 64, digestKey: [1, 2] }, rows);
  const decisions: string[] = [];
  const seen = new Set<string>();
  for (let partition = 0; partition < of.partitions; partition++) {
    const sends = createExpectedSends(plan, partition);
    sends.cut(loadEnd);
    for (; sends.has(); sends.advance()) {
      const planned = sends.reading();
      const key = planned.idBytes.slice(planned.idStart, planned.idEnd);
      const bytes = new Uint8Array(plan.encodedMaxBytes);
      const value = bytes.slice(0, plan.encode(planned, bytes, 0));
      const record = logRecord({ key, value }, sends.position());
      const to = misplaced ? of.partitions - 1 - partition : partition;
      decisions.push(known ? ledger.foldPlanned(to, record, planned) : ledger.fold(to, record));
      seen.add(fates[planned.fate]!);
    }
  }
  return { decisions, seen, facts: { ...ledger.finish(), ...tables } };
}

test.each(["avro", "json"] as const)(
  "a reading that is known to be the plan's is booked as it would be, taken apart: %s",
  (format) => {
    const slow = folded({ ...rich, format }, false);
    const quick = folded({ ...rich, format }, true);
    expect(quick.decisions).toEqual(slow.decisions);
    expect(quick.facts).toEqual(slow.facts);
    const sent = fates.filter((fate) => fate !== "missing");
    expect([...quick.seen].sort()).toEqual([...sent].sort());
    const kinds = ["accepted", "duplicate", "future", "late", "malformed", "span"];
    expect([...new Set(quick.decisions)].sort()).toEqual(kinds);
  },
);

test("known or not, in a partition that is not its own it is rejected", () => {
  const quick = folded(rich, true, true);
  expect(quick.facts).toEqual(folded(rich, false, true).facts);
  expect(new Set(quick.decisions)).toEqual(new Set(["malformed", "wrong-partition"]));
});

test("a time too far for any aggregate is malformed, known or not", () => {
  const far = { ...options, startAt: 9e12 - options.loadMs / 2, loadMs: options.loadMs };
  const plan = createPlan(far);
  const sends = createExpectedSends(plan, 0);
  const ledger = createLedger({ plan, span: 64, digestKey: [0, 0] }, createAuditTables().rows);
  const decisions: boolean[] = [];
  for (; sends.has(); sends.advance()) {
    const planned = sends.reading();
    const key = planned.idBytes.slice(planned.idStart, planned.idEnd);
    const bytes = new Uint8Array(plan.encodedMaxBytes);
    const value = bytes.slice(0, plan.encode(planned, bytes, 0));
    const decision = ledger.foldPlanned(0, logRecord({ key, value }, sends.position()), planned);
    if (planned.at >= 9e12) expect(decision).toBe("malformed");
    decisions.push(planned.at >= 9e12);
  }
  expect(new Set(decisions)).toEqual(new Set([true, false]));
});
