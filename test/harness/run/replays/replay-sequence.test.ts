import { expect, test } from "vitest";
import type { ReplayRecord, ReplayStall } from "../../../../harness/facts/run-record.ts";
import { StoreReadError } from "../../../../harness/observe/store-error.ts";
import { ReplayError } from "../../../../harness/replay/replay-error.ts";
import { NotStartedError } from "../../../../harness/run/child.ts";
import { sequenceReplays } from "../../../../harness/run/replays/replay-sequence.ts";
import { createTroubles } from "../../../../harness/run/troubles.ts";
import type { ReplayStep } from "../../../../harness/scenario/scenario.ts";
import { createVirtualClock } from "../../../../harness/simulation/memory-clock.ts";

const all: readonly ReplayStep[] = [
  { kind: "rewind", atMs: undefined },
  { kind: "new-store", atMs: 20_000 },
  { kind: "rewind", atMs: 15_000 },
  { kind: "new-store", atMs: undefined },
];

function recordOf(mode: string): ReplayRecord {
  const figures = { records: 1, writesSeen: 1, writesLeast: 1 };
  return { mode, store: "cassandra", ...figures, digestBefore: "d", digestAfter: "d" };
}

/** `failing`: what a step of this mode fails with when it is begun under load, or played at rest. */
function sequence(replay: readonly ReplayStep[], failing: Readonly<Record<string, Error>> = {}) {
  const did: string[] = [];
  const interrupted = new AbortController();
  const run = new AbortController();
  const { signal } = run;
  const clock = createVirtualClock(0);
  const troubles = createTroubles(clock, signal);
  const stalls: ReplayStall[] = [];
  const act = (what: string, mode: string): void => {
    did.push(`${what} ${mode}`);
    if (failing[mode] !== undefined) throw failing[mode];
  };
  const replays = sequenceReplays(
    { scenario: { replay }, interrupted: interrupted.signal, signal },
    { troubles, stalls, status: { phase: () => undefined } },
    {
      async beginUnderLoad({ mode }) {
        act("begin", mode);
        return async () => {
          did.push(`end ${mode}`);
          return [recordOf(mode)];
        };
      },
      async playAtRest({ mode }) {
        act("play", mode);
        return [recordOf(mode)];
      },
    },
  );
  const begin = async (): Promise<void> => {
    for (const { play } of replays.underLoad) await play();
  };
  const finish = (): Promise<readonly ReplayRecord[]> => replays.finish(new Map());
  return {
    replays,
    begin,
    finish,
    did,
    troubles,
    stalls,
    interrupt: () => interrupted.abort(),
    run,
    clock,
  };
}

test("replays under load are begun at their times and ended first; those at rest follow in order", async () => {
  const { replays, begin, finish, did, troubles } = sequence(all);
  expect(replays.underLoad.map(({ atMs }) => atMs)).toEqual([20_000, 15_000]);
  await begin();
  const records = await finish();
  expect(did).toEqual([
    "begin new-store 20s",
    "begin rewind 15s",
    "end new-store 20s",
    "end rewind 15s",
    "play rewind at-rest",
    "play new-store at-rest",
  ]);
  expect(records).toHaveLength(4);
  expect(troubles.sentences).toEqual([]);
});

test("a replay whose time never came is a trouble, and no other is played after it", async () => {
  const { finish, did, troubles } = sequence(all);
  expect(await finish()).toEqual([]);
  expect(did).toEqual([]);
  expect(troubles.sentences).toEqual([
    "the replay (new-store 20s) did not take place: the load had ended before it",
  ]);
});

test("an interrupted run ends what was begun and begins nothing", async () => {
  const { replays, finish, did, troubles, interrupt } = sequence(all);
  await replays.underLoad[1]!.play();
  interrupt();
  expect((await finish()).map(({ mode }) => mode)).toEqual(["rewind 15s"]);
  expect(did).toEqual(["begin rewind 15s", "end rewind 15s"]);
  expect(troubles.sentences).toEqual([]);
});

test("jobs that do not start, a group that keeps members, a store that cannot be read: troubles, not crashes", async () => {
  for (const error of [
    new NotStartedError("it was not ready"),
    new ReplayError("refused", "it still has members"),
    new StoreReadError("unreachable", "it does not answer"),
  ]) {
    const underLoad = sequence(all, { "rewind 15s": error });
    await underLoad.begin();
    expect(await underLoad.finish()).toEqual([]);
    expect(underLoad.troubles.sentences).toEqual([`the replay (rewind 15s): ${error.message}`]);
    const atRest = sequence(all.slice(3), { "new-store at-rest": error });
    expect(await atRest.finish()).toEqual([]);
    expect(atRest.troubles.sentences).toHaveLength(1);
  }
});

test("behind a replay that stood still none is played", async () => {
  const { begin, finish, did, stalls } = sequence(all);
  stalls.push({ mode: "rewind at-rest", stage: "cassandra", topic: "agg", partitions: [] });
  await begin();
  expect(await finish()).toEqual([]);
  expect(did).toEqual([]);
});

test("a run in trouble replays nothing", async () => {
  const { begin, finish, did, troubles } = sequence(all);
  troubles.note("kafka died");
  await begin();
  expect(await finish()).toEqual([]);
  expect(did).toEqual([]);
});

test("a run that is broken off ends a replay under load in silence; an error of ours is told", async () => {
  const broken = sequence(all, { "rewind 15s": new Error("aborted") });
  broken.run.abort();
  await broken.begin();
  expect(broken.troubles.sentences).toEqual([]);
  const ours = sequence(all.slice(2), { "rewind 15s": new TypeError("a bug") });
  const begun = ours.begin();
  await expect(ours.clock.runUntil(begun, 10_000)).rejects.toThrow("a bug");
});
