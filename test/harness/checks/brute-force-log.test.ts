import fc from "fast-check";
import { expect, test } from "vitest";
import { checkNoDuplicate } from "../../../harness/checks/no-duplicate.ts";
import { checkNoLoss } from "../../../harness/checks/no-loss.ts";
import { checkNoPhantom } from "../../../harness/checks/no-phantom.ts";
import { checkOrder } from "../../../harness/checks/order.ts";
import type { AckRange, Outcome } from "../../../harness/facts/ack-ranges.ts";
import { fates } from "../../../simulator/plan.ts";
import type { RawRecord } from "../expected/brute-force.ts";
import { judgeLog } from "./brute-force-log.ts";
import {
  aggregateHonestly,
  factsOf,
  honestHistory,
  honestLog,
  type SentRecord,
  sendsOf,
} from "./history.ts";

const sends = honestLog[0]!;
/**
 * Of the load, sent once, on time and readable: what is done to one of these is told from
 * everything else.
 */
const plain = [...sends.keys()].filter((at) => {
  const { device, index, fate } = sends[at]!;
  const isOnce =
    sends.filter((other) => other.device === device && other.index === index).length === 1;
  return isOnce && fates[fate] === "on-time";
});
const foreign = sendsOf(1).slice(0, 200);

/** `by`: how far behind its place. */
type Edit = {
  readonly kind: "drop" | "double" | "move" | "corrupt" | "insert";
  readonly nth: number;
  readonly by: number;
};
type Fate = { readonly nth: number; readonly many: number; readonly outcome: Outcome };

/** The log after the edits; each is done to a send of its own. */
function edited(edits: readonly Edit[]): RawRecord[] {
  const log: RawRecord[] = [...sends];
  for (const edit of edits) {
    const send = sends[plain[edit.nth % plain.length]!]!;
    const at = log.indexOf(send);
    if (at < 0) continue; // An earlier edit took it.
    if (edit.kind === "drop") log.splice(at, 1);
    else if (edit.kind === "double") log.splice(Math.min(log.length, at + 1 + edit.by), 0, send);
    else if (edit.kind === "corrupt") log[at] = bent(send);
    else if (edit.kind === "insert") log.splice(at, 0, foreign[edit.nth % foreign.length]!);
    else {
      log.splice(at, 1);
      log.splice(Math.min(log.length, at + 1 + edit.by), 0, send);
    }
  }
  return log;
}

function bent({ key, value }: SentRecord): RawRecord {
  const bytes = value!.slice();
  bytes[bytes.length - 4]! ^= 2;
  return { key, value: bytes };
}

function outcomesOf(given: readonly Fate[]): Outcome[] {
  const outcomes = sends.map((): Outcome => "acked");
  for (const { nth, many, outcome } of given) {
    const at = plain[nth % plain.length]!;
    for (let i = at; i < at + many && plain.includes(i); i++) outcomes[i] = outcome;
  }
  return outcomes;
}

function judged(edits: readonly Edit[], outcomes: readonly Outcome[]) {
  const log = edited(edits);
  const acks = outcomes.map(
    (outcome, at): AckRange => ({ partition: 0, from: at, to: at + 1, outcome }),
  );
  const logs = [log, honestLog[1]!];
  const honest = aggregateHonestly(logs);
  const facts = factsOf({
    ...{ ...honestHistory, ...honest, log: logs },
    acks: [...acks, honestHistory.acks[1]!],
  });
  const results = [checkNoLoss, checkNoDuplicate, checkNoPhantom].map((check) => check(facts));
  const counts = Object.assign({}, ...results.map((result) => result.counts));
  const brute = judgeLog(
    sends.map((record, at) => ({ record, outcome: outcomes[at]! })),
    log,
  );
  return { counts, order: checkOrder(facts), brute };
}

const nth = fc.nat(plain.length - 1);
const edit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom("drop", "double", "move", "corrupt", "insert"),
  nth,
  by: fc.integer({ min: 1, max: 300 }),
});
const fate: fc.Arbitrary<Fate> = fc.record({
  nth,
  many: fc.integer({ min: 1, max: 6 }),
  outcome: fc.constantFrom<Outcome>("unknown", "failed"),
});

test("whatever is done to a log, C1 to C4 say what a checker says that keeps every record in a Set", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(edit, { maxLength: 6, selector: (each) => each.nth }),
      fc.array(fate, { maxLength: 4 }),
      (edits, given) => {
        const { counts, order, brute } = judged(edits, outcomesOf(given));
        expect(counts).toEqual(brute.counts);
        expect(order.verdict).toBe(brute.inOrder ? "PASS" : "FAIL");
      },
    ),
    { numRuns: 60 },
  );
});
