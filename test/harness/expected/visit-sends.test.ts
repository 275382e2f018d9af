import fc from "fast-check";
import { expect, test } from "vitest";
import { nameSends } from "../../../harness/checks/name-sends.ts";
import { createExpectedSends } from "../../../harness/expected/expected-sends.ts";
import { type PlainSend, visitSends } from "../../../harness/expected/visit-sends.ts";
import { createRawAudit } from "../../../harness/observe/raw-audit.ts";
import { closingReadings } from "../../../simulator/closing.ts";
import { at, honestLog, loadEnd, options, plan, span } from "../checks/history.ts";

function visited(partition: number, cutAt: number): PlainSend[] {
  const sends: PlainSend[] = [];
  visitSends(plan, partition, cutAt, (position, device, index, copy) =>
    sends.push({ position, device, index, copy }),
  );
  return sends;
}

test("the sends without their bytes are those with them, wherever the load was cut", () => {
  const anywhere = fc.integer({ min: options.startAt + 1, max: loadEnd });
  fc.assert(
    fc.property(fc.nat(1), anywhere, (partition, cutAt) => {
      const expected = createExpectedSends(plan, partition);
      expected.cut(cutAt);
      const wanted: PlainSend[] = [];
      for (; expected.has(); expected.advance()) {
        const { position, device, index, copy } = expected.next();
        wanted.push({ position, device, index, copy });
      }
      expect(visited(partition, cutAt)).toEqual(wanted);
    }),
    { numRuns: 20 },
  );
});

/** The audit of a log that ends before its plan does. */
function endedAt(many: number) {
  const audit = createRawAudit({ plan, span, digestKey: [0, 0], topic: "raw" });
  audit.cut(loadEnd);
  for (const [partition, log] of honestLog.entries()) {
    const records = partition === 0 ? log.slice(0, many) : log;
    for (const [offset, record] of records.entries()) audit.push(partition, at(record, offset));
  }
  return audit.finish(true);
}

test("the sends that the end of a log lacks are named from what the audit put on file, or by a walk", () => {
  const audit = endedAt(honestLog[0]!.length - 40);
  const { tailFrom, tailSends = [] } = audit.partitions[0]!;
  expect(tailSends.length).toBe(40);
  const positions = new Set([tailFrom, tailFrom + 3, tailFrom + 39]);
  const named = nameSends({ plan, audit }, 0, positions);
  const walked = visited(0, loadEnd).filter(({ position }) => positions.has(position));
  expect(named).toMatchObject(walked);
  const partitions = audit.partitions.map(({ tailSends: _none, ...older }) => older);
  expect(nameSends({ plan, audit: { ...audit, partitions } }, 0, positions)).toEqual(named);
  const before = new Set([...positions, 5]);
  expect(nameSends({ plan, audit }, 0, before)).toHaveLength(4);
});

test("of a long missing end only the beginning is on file", () => {
  const { partitions } = endedAt(10);
  expect(partitions.map(({ tailSends }) => tailSends?.length)).toEqual([256, 0]);
});

test("who has seen enough is shown no closing readings, and nothing at all who had enough before", () => {
  const enough = (many: number): number => {
    let seen = 0;
    const see = () => {
      seen += 1;
    };
    visitSends(plan, 0, loadEnd, see, () => seen >= many);
    return seen;
  };
  expect(enough(0)).toBe(0);
  const closing = closingReadings(plan, 0, loadEnd).length;
  expect(closing).toBeGreaterThan(0);
  // The load is one stretch, after which the question is asked.
  const all = visited(0, loadEnd).length;
  expect(enough(1)).toBe(all - closing);
  expect(enough(Number.POSITIVE_INFINITY)).toBe(all);
});
