import { expect, test } from "vitest";
import { numberSteps } from "../../../harness/replay/numbered-steps.ts";
import type { LogCount } from "../../../harness/replay/replayed-log.ts";
import { beginRewind, endRewind, type RewindPorts } from "../../../harness/replay/rewind-step.ts";
import type { StoreName } from "../../../harness/scenario/scenario.ts";
import { type Row, rowsOf, stateOf, withRow } from "./states.ts";

const rows = rowsOf(4);
const [atRest, underLoad] = numberSteps([
  { kind: "rewind", atMs: undefined },
  { kind: "rewind", atMs: 15_000 },
]);

/** One store; its counter goes up by `writes` while the job reads again. */
function world(
  options: {
    readonly writes?: number;
    readonly start?: bigint;
    readonly from?: readonly (bigint | undefined)[];
    readonly wipe?: boolean;
  } = {},
) {
  const did: string[] = [];
  let looks = 0;
  const ports: RewindPorts = {
    stores: ["elasticsearch"],
    stop: async () => void did.push("stop"),
    resume: async () => void did.push("resume"),
    log: async () => ({
      start: [options.start ?? 0n, 0n],
      upTo: [7n, 9n],
      ...(options.from === undefined ? {} : { from: options.from }),
    }),
    rewind: async () => void did.push("rewind"),
    ...(options.wipe === true ? { wipe: async () => void did.push("wipe") } : {}),
    now: () => 1_000 + did.length,
    evidence: async () => {
      const writes = 100 + looks++ * (options.writes ?? 100);
      return new Map([["elasticsearch", { store: "elasticsearch", writes, notNewer: null }]]);
    },
    scan: async () => {
      did.push("scan");
      return new Map([["elasticsearch", stateOf(rows)]]);
    },
  };
  return { ports, did };
}

const count: LogCount = {
  records: ({ start, upTo }) => Number(upTo[0]! + upTo[1]! - start[0]!),
  leastWrites: ({ from }) => (from === undefined ? undefined : 2),
};

async function replay(
  after: readonly Row[],
  options: Parameters<typeof world>[0] & { readonly step?: typeof atRest } = {},
) {
  const { ports, did } = world(options);
  const step = options.step ?? underLoad!;
  const begun = await beginRewind(ports);
  const scans = new Map<StoreName, ReturnType<typeof stateOf>>([["elasticsearch", stateOf(after)]]);
  const [record] = await endRewind(begun, ports, { step, after: scans, count });
  return { record: record!, did };
}

test("the job is stopped, the state is read while it stands still, its offsets go, and it is resumed", async () => {
  const { record, did } = await replay(rows);
  expect(did).toEqual(["stop", "scan", "rewind", "resume"]);
  expect(record).toMatchObject({
    mode: "rewind 15s",
    step: 1,
    store: "elasticsearch",
    records: 16,
    writesSeen: 100,
    writesLeast: 4,
  });
  expect(record.digestAfter).toBe(record.digestBefore);
  expect(record).not.toHaveProperty("cut");
  expect(record).not.toHaveProperty("changed");
});

test("a state that is known is not read again", async () => {
  const { ports, did } = world();
  const { before } = await beginRewind(ports, new Map([["elasticsearch", stateOf(rows)]]));
  expect(before.get("elasticsearch")?.count).toBe(4);
  expect(did).not.toContain("scan");
});

test("jobs go on also when the replay could not be begun", async () => {
  const { ports, did } = world();
  const failing = { ...ports, evidence: () => Promise.reject(new Error("no answer")) };
  await expect(beginRewind(failing)).rejects.toThrow("no answer");
  expect(did.at(-1)).toBe("resume");
});

test("planted: a row gone, a row that went back, a content changed at its version", async () => {
  for (const [change, after] of [
    ["gone", withRow(rows, 1)],
    ["back", withRow(rows, 1, { version: 9 })],
    ["changed", withRow(rows, 1, { sum: 77 })],
  ] as const) {
    for (const step of [atRest!, underLoad!]) {
      const { record } = await replay(after, { step });
      expect(record.digestAfter).not.toBe(record.digestBefore);
      expect(record.changed?.map((row) => row.change)).toEqual([change]);
    }
  }
});

test("under load the store must count the writes of what is new, too", async () => {
  const grown = [...rows, { day: "2026.01.16", key: "new", version: 1, sum: 1 }];
  const { record } = await replay(grown, { writes: 4 });
  expect(record.digestAfter).toBe(record.digestBefore);
  expect([record.writesSeen, record.writesLeast]).toEqual([4, 5]);
});

test("what retention has cut off is recorded, and was not read again", async () => {
  expect((await replay(rows, { start: 5n })).record).toMatchObject({ cut: 5, records: 11 });
});

test("a store that could not be read has no record", async () => {
  const { ports } = world();
  const begun = await beginRewind(ports);
  const found = { step: atRest!, after: new Map(), count };
  expect(await endRewind(begun, ports, found)).toEqual([]);
});

test("a replay of a part must have written that part, and is cut where the part is", async () => {
  const from = [3n, undefined];
  const part = (await replay(rows, { from, start: 5n, writes: 2 })).record;
  expect(part).toMatchObject({ cut: 2, writesSeen: 2, writesLeast: 2 });
  expect((await replay(rows, { from: [6n, undefined], start: 5n })).record.cut).toBeUndefined();
});

test("a rebuild empties the store between the look at it and the count of its writes", async () => {
  const { record, did } = await replay(rows, { wipe: true });
  expect(did).toEqual(["stop", "scan", "wipe", "rewind", "resume"]);
  expect(record.wiped).toEqual({ fromMs: 1_002, untilMs: 1_005 });
});

test("planted: a store whose topic has lost its beginning is not emptied, and its job goes on", async () => {
  const { ports, did } = world({ wipe: true, start: 5n });
  await expect(beginRewind(ports)).rejects.toThrow(
    "retention has cut 5 offsets off the beginning of the topic: elasticsearch could not be rebuilt",
  );
  expect(did).toEqual(["stop", "scan", "resume"]);
});

test("a step of several times is played one time after the other", () => {
  const steps = numberSteps([
    {
      kind: "rewind",
      atMs: undefined,
      times: 2,
      reach: { partition: 3, begin: { lastMs: 20_000 } },
    },
    { kind: "re-produce", atMs: 9_000, order: "other", speed: 10 },
  ]);
  expect(steps.map(({ step, nth, mode }) => [step, nth, mode])).toEqual([
    [0, 0, "rewind at-rest, partition 3, last 20s, 1 of 2"],
    [1, 0, "rewind at-rest, partition 3, last 20s, 2 of 2"],
    [2, 1, "re-produce 9s, order other, speed 10x"],
  ]);
});

test("steps are numbered by what they make and named as the scenario wrote them", () => {
  const steps = numberSteps([
    { kind: "new-store", atMs: 20_000 },
    { kind: "rewind", atMs: undefined },
    { kind: "new-store", atMs: undefined },
    { kind: "rewind", atMs: undefined, clockAheadMs: 86_400_000 },
  ]);
  expect(steps.map(({ step, nth, mode }) => [step, nth, mode])).toEqual([
    [0, 1, "new-store 20s"],
    [1, 0, "rewind at-rest"],
    [2, 2, "new-store at-rest"],
    [3, 0, "rewind at-rest +1d"],
  ]);
});
