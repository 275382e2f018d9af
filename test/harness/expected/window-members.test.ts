import fc from "fast-check";
import { expect, test } from "vitest";
import { createWindowMembers } from "../../../harness/expected/window-members.ts";
import { createPlan } from "../../../simulator/plan.ts";
import { options } from "../checks/history.ts";

/** Sixty readings a window: more than one word of bits. */
const plan = createPlan({ ...options, everyMs: 1_000, devices: 8 });
const span = 64;
const { startAt, window } = plan.options;
const startOf = (slot: number) => Math.floor(startAt / window.sizeMs + 2 + slot) * window.sizeMs;
const [boots, slots] = [2, 5];
/** The last slot is of a device that is in no plan. */
const deviceOf = (slot: number) => (slot === slots - 1 ? plan.allDevices : slot + 3);
const firstOf = (slot: number) =>
  plan.indexesIn(deviceOf(slot), startOf(slot), startOf(slot) + window.sizeMs).first;

function opened() {
  const members = createWindowMembers(plan, span);
  for (let slot = 0; slot < slots; slot++) {
    // Room comes as windows do.
    members.open(slot, deviceOf(slot), startOf(slot), slot + 1);
  }
  return {
    members,
    admit: (slot: number, boot: number, seq: number) =>
      members.admit(slot, deviceOf(slot), boot, seq),
  };
}

/** The rule with everything kept, of one window and boot. */
function slowly() {
  const accepted: number[] = [];
  return (seq: number): string => {
    if (accepted.includes(seq)) return "duplicate";
    const first = accepted[0] ?? seq;
    const outside = (s: number) => s < first - span / 2 || s >= first + span / 2;
    if (outside(seq) && accepted.filter(outside).length >= 16) return "span";
    accepted.push(seq);
    return "accepted";
  };
}

test("each window takes each reading once, whether the plan has it there or not, by the span of its boot", () => {
  const reading = fc.record({
    slot: fc.nat(slots - 1),
    boot: fc.nat(boots - 1),
    // Around the plan's own of that window, and far from it.
    seq: fc.oneof(fc.integer({ min: -40, max: 100 }), fc.integer({ min: 400, max: 440 })),
  });
  fc.assert(
    fc.property(fc.array(reading, { minLength: 60, maxLength: 300 }), (readings) => {
      const { admit } = opened();
      const models = Array.from({ length: slots * boots }, slowly);
      for (const { slot, boot, seq } of readings) {
        const own = Math.max(0, firstOf(slot) + seq);
        expect(admit(slot, boot, own)).toBe(models[slot * boots + boot]!(own));
      }
    }),
    { numRuns: 60 },
  );
});

test("all that the plan puts into windows is taken once, and no window knows of another's", () => {
  const { admit } = opened();
  for (const wanted of ["accepted", "duplicate"]) {
    for (let nth = 0; nth < 60; nth++) {
      for (let slot = 0; slot < slots - 1; slot++) {
        // From the middle on, so that all lie within one span.
        const seq = firstOf(slot) + ((nth + 30) % 60);
        expect(admit(slot, 0, seq)).toBe(wanted);
      }
    }
  }
});

test("each boot has a span of its own, with sixteen outside of it", () => {
  const { admit } = opened();
  const first = firstOf(1) + 30;
  expect(admit(1, 0, first)).toBe("accepted");
  for (let seq = 5_000; seq < 5_040; seq++) {
    expect(admit(1, 1, seq)).toBe("accepted");
  }
  for (let nth = 0; nth < 8; nth++) expect(admit(1, 1, 9_000 + nth)).toBe("accepted");
  expect(admit(1, 1, 9_008)).toBe("span");
  expect(admit(1, 1, 5_032 - 1)).toBe("duplicate");
});

test("the upper end of a span is outside, and so is what lies a little further", () => {
  for (const [far, decision] of [
    [span / 2 - 1, "accepted"],
    [span / 2, "span"],
    [span, "span"],
    [-span / 2, "accepted"],
    [-span / 2 - 1, "span"],
  ] as const) {
    const { admit } = opened();
    admit(1, 0, 200);
    for (let nth = 0; nth < 16; nth++) expect(admit(1, 0, 9_000 + nth)).toBe("accepted");
    expect(admit(1, 0, 200 + far)).toBe(decision);
  }
});

test("the first seq of boot 0 is told, whichever boot came first; -1 without one", () => {
  const { members, admit } = opened();
  expect(members.firstSeq(0)).toBe(-1);
  admit(0, 0, 7);
  admit(0, 0, 5);
  expect(members.firstSeq(0)).toBe(7);
  admit(1, 1, 3);
  expect(members.firstSeq(1)).toBe(-1);
  admit(1, 0, 9);
  expect(members.firstSeq(1)).toBe(9);
});

test("a slot that is used again has forgotten its readings, and the others have not", () => {
  const { members, admit } = opened();
  const seqs = [firstOf(2), firstOf(2) + 40, 9_000];
  for (const seq of seqs) for (const slot of [1, 2, 3]) admit(slot, 0, seq);
  members.close(2);
  members.open(2, deviceOf(2), startOf(2), slots);
  expect(members.firstSeq(2)).toBe(-1);
  for (const seq of seqs) {
    expect([1, 2, 3].map((slot) => admit(slot, 0, seq))).toEqual([
      ...["duplicate", "accepted", "duplicate"],
    ]);
  }
});

test("boots that take turns keep their spans", () => {
  const { admit } = opened();
  for (let nth = 0; nth < 17; nth++) {
    for (const boot of [0, 1]) {
      // The first one fixes the span; sixteen lie outside of it.
      const seq = nth === 0 ? boot * 500 : 9_000 + boot * 500 + nth;
      expect(admit(1, boot, seq)).toBe("accepted");
    }
  }
  expect([0, 1].map((boot) => admit(1, boot, 20_000))).toEqual(["span", "span"]);
  expect([0, 1].map((boot) => admit(1, boot, boot * 500 + 31))).toEqual(["accepted", "accepted"]);
});

test("room is made while windows are open, and they keep what they hold", () => {
  const members = createWindowMembers(plan, span);
  const seqs = [firstOf(0), firstOf(0) + 40, 9_000];
  members.open(0, deviceOf(0), startOf(0), 1);
  for (const seq of seqs) expect(members.admit(0, deviceOf(0), 0, seq)).toBe("accepted");
  for (const [slot, room] of [
    [1, 2],
    [2, 8],
  ] as const) {
    members.open(slot, deviceOf(slot), startOf(slot), room);
    for (const seq of seqs) expect(members.admit(0, deviceOf(0), 0, seq)).toBe("duplicate");
    expect(members.firstSeq(0)).toBe(seqs[0]);
  }
});
