import { expect, test } from "vitest";
import { judge } from "../../../harness/checks/judge.ts";
import { checkReplay, cutSentences, unprovenSentences } from "../../../harness/checks/replay.ts";
import type { RunFacts } from "../../../harness/facts/run-facts.ts";
import type { ReplayRecord } from "../../../harness/facts/run-record.ts";
import { factsOf, honestHistory } from "./history.ts";

const facts = factsOf(honestHistory);
const whole: ReplayRecord = { ...facts.record.replays[0]!, mode: "rewind at-rest", step: 0 };

function withReplays(...replays: readonly Partial<ReplayRecord>[]): RunFacts {
  const all = replays.map((replay) => ({ ...whole, ...replay }));
  return { ...facts, record: { ...facts.record, replays: all } };
}

test("replays of all kinds that changed nothing and left evidence pass", () => {
  const result = checkReplay(withReplays({}, { mode: "rewind 15s" }, { mode: "new-store 20s" }));
  expect(result).toMatchObject({ clause: "C9", verdict: "PASS", evaluated: 3 });
});

test("rows by which the states differ are findings of their own", () => {
  const changed = (["gone", "back", "changed", "extra", "split"] as const).map((change) => ({
    change,
    key: `i/${change}`,
    expected: "count 2",
    found: "count 1",
  }));
  const result = checkReplay(withReplays({ mode: "new-store 20s", digestAfter: "e", changed }));
  expect(result?.verdict).toBe("FAIL");
  expect(result?.findings.map(({ class: kind, key }) => [kind, key])).toEqual([
    ["corrupt", undefined],
    ["lost-write", "i/gone"],
    ["time-travel", "i/back"],
    ["corrupt", "i/changed"],
    ["phantom", "i/extra"],
    ["split-key", "i/split"],
  ]);
  expect(result?.findings.at(-1)).toMatchObject({ store: whole.store, during: "new-store 20s" });
});

test("a replay without evidence is INVALID, also beside one that has it", () => {
  expect(checkReplay(withReplays({}, { writesSeen: whole.writesLeast - 1 }))?.verdict).toBe(
    "INVALID",
  );
  expect(checkReplay(withReplays({ records: 0 }))?.verdict).toBe("INVALID");
  expect(checkReplay(withReplays({ rowsBefore: 1 }))?.verdict).toBe("PASS");
});

test("a replay of nothing, before any row was there, is INVALID and says so", () => {
  const judgement = judge(withReplays({ rowsBefore: 0 }));
  expect(judgement.verdict).toBe("INVALID");
  expect(judgement.reasons.map(({ why }) => why)).toEqual([
    "replay (rewind at-rest) proves nothing: elasticsearch had no row yet that it could have changed",
  ]);
});

test("planted: a stage that stands still in a replay is a stall, by partition; where something died, unseen", () => {
  const [done, behind, hung] = [
    { partition: 0, committed: 10, lastStable: 10, end: 10 },
    { partition: 1, committed: -1, lastStable: 7, end: 7 },
    { partition: 2, committed: 5, lastStable: 5, end: 6 },
  ];
  const stall = { mode: "rewind at-rest", stage: "cassandra", topic: "agg" };
  const replayStalls = [{ ...stall, partitions: [done, behind, hung] }];
  const record = { ...facts.record, replays: [], replayStalls };
  const result = checkReplay({ ...facts, record });
  expect(result).toMatchObject({ clause: "C9", verdict: "FAIL", counts: { stall: 2 } });
  expect(result?.findings).toMatchObject([
    { topic: "agg", partition: 1, offset: 0, during: "rewind at-rest" },
    { topic: "agg", partition: 2, offset: 5, during: "rewind at-rest" },
  ]);
  expect(result?.findings[0]?.found).toBe(
    "cassandra stood still with a backlog: committed -1, log end 7",
  );
  const died = { ...record, died: ["cassandra ended (signal 9)"] };
  expect(checkReplay({ ...facts, record: died })).toMatchObject({ verdict: "UNKNOWN" });
});

test("planted: what retention has cut off makes a replay UNKNOWN, never PASS", () => {
  const cut = withReplays({ cut: 12 });
  const result = checkReplay(cut);
  expect(result?.verdict).toBe("UNKNOWN");
  expect(result?.findings[0]?.found).toContain("retention has cut 12 offsets off the beginning of");
  expect(judge(cut).verdict).toBe("UNKNOWN");
  expect(cutSentences(cut)).toHaveLength(1);
  expect(cutSentences(facts)).toEqual([]);
});

test("a new store lacks what was cut off, and nobody is blamed; a rewind may change nothing all the same", () => {
  const cut = { cut: 12, digestAfter: "e", writesSeen: 0 };
  expect(checkReplay(withReplays({ ...cut, mode: "new-store at-rest" }))?.verdict).toBe("UNKNOWN");
  expect(checkReplay(withReplays({ ...cut, mode: "rewind at-rest" }))?.verdict).toBe("FAIL");
});

test("a replay that changed the state is a FAIL, also where its evidence is missing", () => {
  const empty = { digestAfter: "e", writesSeen: 0 };
  expect(checkReplay(withReplays(empty))?.verdict).toBe("FAIL");
});

test("what was cut is undecided rather than unproven, and said of the topic that was read", () => {
  const cut = { ...whole, cut: 12, records: 0, writesSeen: 0 };
  expect(unprovenSentences(withReplays(cut))).toEqual([]);
  const sentence = (topic: string) =>
    `replay (rewind at-rest): retention has cut 12 offsets off the beginning of ${topic}: ` +
    "a replay of what is left proves nothing about them";
  expect(cutSentences(withReplays(cut))).toEqual([sentence("aggregated")]);
  expect(cutSentences(withReplays({ ...cut, topic: "raw" }))).toEqual([sentence("raw")]);
});
