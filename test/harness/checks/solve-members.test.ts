import fc from "fast-check";
import { expect, test } from "vitest";
import { createSolver, describeFault } from "../../../harness/checks/solve-members.ts";
import {
  contributionHi,
  contributionLo,
  deviceHash,
} from "../../../harness/expected/contributor.ts";
import { factsOf, honestHistory, plan } from "./history.ts";

type ReadingId = { readonly boot: number; readonly seq: number };

const digestKey = [11, 12] as const;
const { record } = factsOf(honestHistory);
const facts = { plan, record: { ...record, digestKey } };
const { sizeMs } = plan.options.window;
const window = plan.options.startAt + 5 * sizeMs;

/** Any digest at all: only what is added to it counts. */
const right = { digestHi: 0x8000_0001, digestLo: 0x7fff_fff0 };

/** The digest with these members more, and those less. */
function digestWith(name: string, more: readonly ReadingId[], less: readonly ReadingId[] = []) {
  const hash = deviceHash(Buffer.from(name), digestKey);
  const sum = (ids: readonly ReadingId[], word: typeof contributionHi, base: number) =>
    ids.reduce((all, { boot, seq }) => all + word(base, boot, seq), 0);
  const hi = sum(more, contributionHi, hash.hi) - sum(less, contributionHi, hash.hi);
  const lo = sum(more, contributionLo, hash.lo) - sum(less, contributionLo, hash.lo);
  return { digestHi: (right.digestHi + hi) >>> 0, digestLo: (right.digestLo + lo) >>> 0 };
}

function solveFor(device: number, more: readonly ReadingId[], less: readonly ReadingId[] = []) {
  const name = plan.deviceId(device);
  return createSolver(facts)(device, name, window, right, digestWith(name, more, less));
}

/** What the plan has in the window and in its two neighbours. */
function near(device: number): readonly ReadingId[] {
  const { first, end } = plan.indexesIn(device, window - sizeMs, window + 2 * sizeMs);
  return Array.from({ length: end - first }, (_, k) => plan.readingId(device, first + k));
}

const devices = fc.nat(plan.fleetDevices - 1);

test("whichever one or two readings a window lacks or holds too often, they are named", () => {
  fc.assert(
    fc.property(devices, fc.nat(), fc.nat(), (device, a, b) => {
      const ids = near(device);
      const one = ids[a % ids.length]!;
      const other = ids[(a + 1 + (b % (ids.length - 1))) % ids.length]!;
      const inOrder = [one, other].sort((x, y) => ids.indexOf(x) - ids.indexOf(y));
      expect(solveFor(device, [one])).toMatchObject({ dropped: [], added: [one] });
      expect(solveFor(device, [], [one])).toMatchObject({ dropped: [one], added: [] });
      expect(solveFor(device, [one], [other])).toMatchObject({ dropped: [other], added: [one] });
      expect(solveFor(device, [one, other])).toMatchObject({ dropped: [], added: inOrder });
      expect(solveFor(device, [], [one, other])).toMatchObject({ dropped: inOrder, added: [] });
      expect(solveFor(device, [one, one])).toMatchObject({ dropped: [], added: [one, one] });
    }),
    { numRuns: 30 },
  );
});

test("three readings too many, or one of the last hour, are not guessed at", () => {
  const ids = near(3);
  expect(solveFor(3, ids.slice(0, 3))).toBeUndefined();
  const { first } = plan.indexesIn(3, window - sizeMs, window);
  expect(solveFor(3, [plan.readingId(3, first - 1)])).toBeUndefined();
  const { end } = plan.indexesIn(3, window, window + 2 * sizeMs);
  expect(solveFor(3, [plan.readingId(3, end)])).toBeUndefined();
});

test("right members are no matter of the solver", () => {
  expect(solveFor(3, [])).toBeUndefined();
});

test("of a closing device the first 64 readings are looked at, whatever the window", () => {
  const closing = plan.fleetDevices;
  expect(solveFor(closing, [plan.readingId(closing, 0)])?.added).toHaveLength(1);
  expect(solveFor(closing, [{ boot: 0, seq: 63 }])?.added).toMatchObject([{ boot: 0, seq: 63 }]);
  expect(solveFor(closing, [{ boot: 0, seq: 64 }])).toBeUndefined();
});

test("a device or a window that nobody knows has no members to look among", () => {
  const [id] = near(0);
  const name = plan.deviceId(0);
  const bent = digestWith(name, [id!]);
  const solve = createSolver(facts);
  expect(solve(-1, name, window, right, bent)).toBeUndefined();
  expect(solve(0, name, Number.NaN, right, bent)).toBeUndefined();
  expect(solve(0, name, window, right, bent)).toMatchObject({ dropped: [], added: [id] });
});

test("a solver answers its first thousand questions", () => {
  const [id] = near(0);
  const name = plan.deviceId(0);
  const bent = digestWith(name, [id!]);
  const solve = createSolver(facts);
  const answers = Array.from({ length: 1_002 }, () => solve(0, name, window, right, bent));
  expect(answers.filter((answer) => answer !== undefined)).toHaveLength(1_000);
  expect(answers[999]).toBeDefined();
});

test("in words: what is gone, then what is too much; the boot of a later life only", () => {
  const dropped = [
    { boot: 0, seq: 4 },
    { boot: 2, seq: 5 },
  ];
  expect(describeFault({ dropped, added: [{ boot: 0, seq: 9 }] })).toBe(
    "without seq 4, without boot 2 seq 5, with seq 9 once too often",
  );
});
