import { expect, test } from "vitest";
import { judge } from "../../../harness/checks/judge.ts";
import { checkNoTimeTravel } from "../../../harness/checks/no-time-travel.ts";
import type { RunFacts } from "../../../harness/facts/run-facts.ts";
import { createSeenTable } from "../../../harness/facts/seen-revisions.ts";
import { addValues } from "../../../harness/facts/table.ts";
import { factsOf, honestHistory, plan } from "./history.ts";

const facts = factsOf(honestHistory);
const stores = ["elasticsearch", "cassandra"];

/** Looks of one key: [revision, first, last, looks], of elasticsearch unless said. */
type Looks = readonly [revision: number, firstAtMs: number, lastAtMs: number, looks: number];

function withLooks(looks: readonly Looks[], store = 0): RunFacts {
  const table = createSeenTable();
  for (const [revision, firstAtMs, lastAtMs, times] of looks) {
    const version = 1_000_000 + revision;
    const key = { store, device: 2, window: plan.options.startAt };
    addValues(table, { ...key, revision, version, firstAtMs, lastAtMs, looks: times });
  }
  return { ...facts, seen: { stores, failedLooks: [0, 0], table } };
}

function withWipe(
  looks: readonly Looks[],
  fromMs: number,
  untilMs: number,
  lookedAt?: number,
): RunFacts {
  const bent = withLooks(looks, lookedAt);
  const [replay] = facts.record.replays;
  const wiped = { ...replay!, store: "elasticsearch", wiped: { fromMs, untilMs } };
  return { ...bent, record: { ...bent.record, replays: [wiped] } };
}

const gone = Number.NaN;

test("revisions that rise or stay pass, and every look but the first of a key counts", () => {
  const result = checkNoTimeTravel(
    withLooks([
      [28, 0, 400, 5],
      [29, 500, 500, 1],
      [30, 600, 900, 4],
    ]),
  );
  expect(result).toMatchObject({ clause: "C10", verdict: "PASS", evaluated: 9, findings: [] });
});

test("planted: a revision that goes back is named with store, key, both revisions and times", () => {
  const bad = withLooks(
    [
      [30, 0, 400, 5],
      [29, 500, 500, 1],
      [30, 600, 900, 4],
    ],
    1,
  );
  const result = checkNoTimeTravel(bad);
  expect(result).toMatchObject({ verdict: "FAIL", counts: { "time-travel": 1 } });
  expect(result?.findings).toEqual([
    {
      class: "time-travel",
      store: "cassandra",
      key: `${plan.deviceId(2)} ${new Date(plan.options.startAt).toISOString()}`,
      device: plan.deviceId(2),
      window: plan.options.startAt,
      expected:
        "revision 30, version 1000030, as seen until 1970-01-01T00:00:00.400Z, or a later one",
      found: "revision 29, version 1000029 at 1970-01-01T00:00:00.500Z",
    },
  ]);
  expect(judge(bad).verdict).toBe("FAIL");
});

test("planted: one that falls step by step is held against the highest, not against the last", () => {
  const result = checkNoTimeTravel(
    withLooks([
      [30, 0, 0, 1],
      [28, 1, 1, 1],
      [29, 2, 2, 1],
    ]),
  );
  expect(result?.counts).toEqual({ "time-travel": 2 });
});

test("planted: a row that is gone and there again was taken away from its users", () => {
  const result = checkNoTimeTravel(
    withLooks([
      [30, 0, 0, 1],
      [gone, 100, 200, 2],
      [30, 300, 300, 1],
    ]),
  );
  expect(result?.counts).toEqual({ "time-travel": 1 });
  expect(result?.findings[0]?.found).toMatch(/^no row at .+100Z, then revision 30.+there again$/);
});

test("a row that is gone for good is C7's to name", () => {
  expect(
    checkNoTimeTravel(
      withLooks([
        [30, 0, 0, 1],
        [gone, 100, 200, 2],
      ]),
    )?.verdict,
  ).toBe("PASS");
});

test("while a store is rebuilt its rows may be gone and older, if they catch up", () => {
  const looks: Looks[] = [
    [30, 0, 400, 5],
    [gone, 500, 500, 1],
    [28, 600, 700, 2],
    [30, 800, 900, 2],
  ];
  expect(checkNoTimeTravel(withWipe(looks, 450, 850))?.verdict).toBe("PASS");
  expect(checkNoTimeTravel(withLooks(looks))?.verdict).toBe("FAIL");
});

test("planted: a rebuilt store that does not catch up is found, and so is one outside of the rebuild", () => {
  const behind: Looks[] = [
    [30, 0, 400, 5],
    [gone, 500, 500, 1],
    [28, 600, 900, 4],
  ];
  expect(checkNoTimeTravel(withWipe(behind, 450, 850))?.counts).toEqual({ "time-travel": 1 });
  const later: Looks[] = [
    [30, 0, 400, 5],
    [28, 950, 950, 1],
  ];
  expect(checkNoTimeTravel(withWipe(later, 450, 850))?.counts).toEqual({ "time-travel": 1 });
});

test("looks that compared nothing prove nothing: INVALID; a folder without any is UNKNOWN", () => {
  expect(checkNoTimeTravel(withLooks([[30, 0, 0, 1]]))?.verdict).toBe("INVALID");
  const without = judge({ ...facts, seen: "not-kept" });
  expect(without.verdict).toBe("UNKNOWN");
  expect(without.findings[0]?.found).toContain("no looks at revisions are on file");
  expect(checkNoTimeTravel(facts)).toBeUndefined();
});

test("a rebuild excuses its own store, from its first millisecond to its last", () => {
  const looks: Looks[] = [
    [30, 0, 400, 5],
    [28, 500, 700, 2],
    [30, 800, 900, 2],
  ];
  expect(checkNoTimeTravel(withWipe(looks, 500, 700))?.verdict).toBe("PASS");
  expect(checkNoTimeTravel(withWipe(looks, 501, 700))?.verdict).toBe("FAIL");
  expect(checkNoTimeTravel(withWipe(looks, 500, 699))?.verdict).toBe("FAIL");
  expect(checkNoTimeTravel(withWipe(looks, 500, 700, 1))?.verdict).toBe("FAIL");
});
