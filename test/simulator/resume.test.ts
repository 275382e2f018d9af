import { existsSync, readFileSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import type { AckRange } from "../../simulator/ack-log.ts";
import type { Load } from "../../simulator/load.ts";
import { ResumeError } from "../../simulator/past-life.ts";
import { createPlan } from "../../simulator/plan.ts";
import type { Fault } from "./broker-fixture.ts";
import {
  createWorld,
  type Kill,
  type Life,
  originMs,
  plannedSends,
  timeScale,
} from "./killed-worker-fixture.ts";
import { smallOptions, startAt } from "./plan-fixture.ts";

type World = ReturnType<typeof createWorld>;

const partitions = [0, 1, 2];
/** One second of load. */
const plan = createPlan({ ...smallOptions, format: "json", loadMs: 1_000 * timeScale });
const planned = partitions.map((partition) => plannedSends(plan, partition));
const plannedCount = planned.reduce((sum, { values }) => sum + values.length, 0);

const worlds: World[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.remove();
});

function world(options: Parameters<typeof createWorld>[1] = {}): World {
  const made = createWorld(plan, options);
  worlds.push(made);
  return made;
}

/** Lives until one is not killed. */
async function liveOn(of: World, kills: readonly Kill[]): Promise<Life> {
  for (const [index, kill] of kills.entries()) {
    const life = await of.live(index > 0, kill);
    if (!life.killed) return life;
  }
  return of.live(kills.length > 0);
}

type Position = { readonly partition: number; readonly position: number };

/** What facts and log must be, whenever workers were killed. Returns the positions that are unknown. */
function check(of: World, last: Life): readonly Position[] {
  const counts = { acked: 0, failed: 0, unknown: 0 };
  const unknown: Position[] = [];
  const ranges = Map.groupBy(of.ranges(), (range) => range.partition);
  for (const partition of partitions) {
    const { values } = planned[partition]!;
    const log = of.broker.log(partition);
    let next = 0;
    for (const { from, to, outcome, baseOffset } of ranges.get(partition) ?? []) {
      expect(from).toBe(next);
      next = to;
      counts[outcome] += to - from;
      for (let at = from; outcome === "unknown" && at < to; at++) {
        unknown.push({ partition, position: at });
      }
      if (outcome !== "acked" || baseOffset < 0) continue;
      expect(log.slice(baseOffset, baseOffset + to - from)).toEqual(values.slice(from, to));
    }
    expect(next).toBe(values.length);
    expect(isSubsequence(log, values)).toBe(true);
  }
  expect(last.load?.counts).toMatchObject({ ...counts, sends: plannedCount });
  return unknown;
}

/** Greedy, which is enough: nothing twice, nothing out of order, nothing that was not planned. */
function isSubsequence(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0;
  return part.every((value) => {
    at = whole.indexOf(value, at) + 1;
    return at > 0;
  });
}

/** Every write of an undisturbed life: in its middle, and behind it. */
async function everyKill(): Promise<readonly Kill[]> {
  const undisturbed = world();
  await undisturbed.live(false);
  const writes = Array.from({ length: undisturbed.writes() }, (_, index) => index + 1);
  return writes.flatMap((write) => [0.6, 1].map((share) => ({ write, share })));
}

test("killed at whichever write: settled, unknown and resent are the plan, in order, nothing twice", async () => {
  const kills = await everyKill();
  expect(kills.length).toBeGreaterThan(60);
  for (const kill of kills) {
    const of = world();
    const last = await liveOn(of, [kill]);
    const unknown = check(of, last);
    const at = of.killedAtMs();
    for (const { partition, position } of unknown) {
      const intended = originMs + (planned[partition]!.sentAt[position]! - startAt) / timeScale;
      expect(intended).toBeGreaterThan(at - 130);
      expect(intended).toBeLessThan(at + 100);
    }
  }
});

const oddities: readonly Fault[] = ["lost-answer", "lost-request", "moved", "refused"];
const anyKill: fc.Arbitrary<Kill> = fc.record({
  write: fc.integer({ min: 1, max: 45 }),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
});

test("the same holds when those who take over are killed too, by a broker that loses answers", () => {
  const kills = fc.array(anyKill, { minLength: 1, maxLength: 4 });
  const trouble = fc.array(fc.nat({ max: 3 }), { minLength: 7, maxLength: 29 });
  return fc.assert(
    fc.asyncProperty(kills, trouble, async (some, faults) => {
      let batches = 0;
      const script = (): Fault =>
        batches++ % 20 === 19 ? oddities[faults[batches % faults.length]!]! : "ok";
      const of = world({ script });
      check(of, await liveOn(of, some));
      const told = of.progress;
      for (const key of ["sends", "acked", "failed", "unknown"] as const) {
        expect(told.map((counts) => counts[key])).toEqual(
          told.map((counts) => counts[key]).toSorted((a, b) => a - b),
        );
      }
    }),
    { numRuns: 25 },
  );
});

test("without its last intents a worker sends twice, and the check of the log sees it", async () => {
  const of = world();
  await of.live(false, { write: 25, share: 1 });
  const lines = readFileSync(of.config.intentFile, "utf8").trimEnd().split("\n");
  writeFileSync(of.config.ackFile, `${of.ranges().slice(0, 6).map(asLine).join("")}`);
  writeFileSync(of.config.intentFile, `${lines.slice(0, -6).join("\n")}\n`);
  const last = await of.live(true);
  const inOrder = partitions.map((p) => isSubsequence(of.broker.log(p), planned[p]!.values));
  expect(inOrder).toContain(false);
  expect(() => check(of, last)).toThrow();
});

test("counts of the measured sends are exact over both lives; the histograms lack the last moments", async () => {
  const of = world({ warmUpMs: 300 });
  const last = await liveOn(of, [{ write: 38, share: 1 }]);
  const unknown = check(of, last).length;
  expect(unknown).toBeGreaterThan(0);
  const measured = planned.flatMap(({ sentAt }) =>
    sentAt.filter((sendAt) => sendAt >= startAt + 300 * timeScale),
  ).length;
  const { sent, acked, sendLag, publish, firstSentAtMs, lastSentAtMs } = last.meter!.result();
  expect([sent, acked]).toEqual([measured, measured - unknown]);
  expect(publish.ms.count).toBeLessThan(acked);
  // Kept every 400 ms, of 700 that are measured.
  expect(acked - sendLag.ms.count).toBeLessThan((400 / 700) * measured);
  expect(firstSentAtMs).toBeGreaterThanOrEqual(originMs + 300);
  expect(firstSentAtMs).toBeLessThan(originMs + 320);
  expect(lastSentAtMs).toBeGreaterThanOrEqual(of.killedAtMs() + 700);
});

test("while it catches up, no more than half a second of plan and a stretch is unanswered", async () => {
  const of = world();
  await of.live(false, { write: 2, share: 1 });
  const held = Promise.withResolvers<void>();
  of.broker.hold = held.promise;
  const last = await of.live(true, undefined, async (load) => {
    await of.clock.sleep(300);
    const aheadMs = (load.sentEventMs - startAt) / timeScale;
    expect(of.clock.now()).toBeGreaterThan(originMs + 950);
    expect(aheadMs).toBeGreaterThan(500);
    expect(aheadMs).toBeLessThanOrEqual(100 + 500 + 100);
    of.broker.hold = undefined;
    held.resolve();
  });
  check(of, last);
});

test("killed before anything was kept, it still knows when its first measured send was due", async () => {
  const of = world();
  const last = await liveOn(of, [{ write: 12, share: 1 }]);
  expect(existsSync(of.config.partialFile)).toBe(true);
  check(of, last);
  expect(last.meter!.result().firstSentAtMs).toBeLessThan(originMs + 60);
});

test("a cut that reached the dead one holds for the next, which ends at the same event time", async () => {
  const cutAt = startAt + 600 * timeScale;
  const of = world();
  const cutSoon = async (load: Load): Promise<void> => {
    await of.clock.sleep(originMs + 400);
    load.cut(cutAt);
  };
  const first = await of.live(false, undefined, cutSoon);
  const before = of.ranges();
  const second = await of.live(true, undefined, async (load) => load.cut(cutAt));
  expect([first, second].map(({ load }) => load!.sentEventMs)).toEqual([cutAt, cutAt]);
  expect(of.ranges()).toEqual(before);
  expect(second.load!.counts).toEqual(first.load!.counts);
});

test("closing readings that began are not taken up: the worker refuses and leaves the facts alone", async () => {
  const of = world();
  await of.live(false, undefined, async (load) => {
    await of.clock.sleep(originMs + 1_200);
    await load.close();
  });
  const facts = readFileSync(of.config.ackFile, "utf8");
  await expect(of.live(true)).rejects.toThrow("closing readings had begun");
  expect(readFileSync(of.config.ackFile, "utf8")).toBe(facts);
});

test("a closing line that was cut off never was: the load's end is where it goes on", async () => {
  const of = world();
  const first = await of.live(false);
  const intents = readFileSync(of.config.intentFile, "utf8");
  writeFileSync(of.config.intentFile, `${intents}{"closing":tr`);
  const second = await of.live(true);
  expect(second.load!.counts).toEqual(first.load!.counts);
  expect(readFileSync(of.config.intentFile, "utf8")).toBe(intents);
});

test("files that are not of this worker are refused, each with its reason", async () => {
  const of = world();
  await of.live(false, { write: 30, share: 1 });
  await expect(of.live(false)).rejects.toThrow("start it with `resume`");
  const [acks, intents] = [of.config.ackFile, of.config.intentFile].map((file) =>
    readFileSync(file, "utf8"),
  ) as [string, string];
  const refused = async (file: string, text: string, why: string): Promise<void> => {
    writeFileSync(of.config.ackFile, acks);
    writeFileSync(of.config.intentFile, intents);
    writeFileSync(of.config.partialFile, "{}");
    writeFileSync(file, text);
    await expect(of.live(true)).rejects.toThrow(ResumeError);
    await expect(of.live(true)).rejects.toThrow(why);
  };
  const { ackFile, intentFile, partialFile } = of.config;
  await refused(ackFile, acks.split("\n").slice(3).join("\n"), "goes on at position");
  await refused(ackFile, `${acks}{"partition":-1}\n`, "none of a worker's");
  await refused(ackFile, `${acks}\n`, "none of a worker's");
  await refused(intentFile, "", "its intents only to 0");
  await refused(partialFile, '{"sendLag":1}', "not what a worker has measured");
});

test("nothing on file is no past: a worker killed before its first send begins at the plan's first", async () => {
  const of = world();
  const last = await of.live(true);
  expect(check(of, last)).toEqual([]);
});

function asLine(range: AckRange): string {
  return `${JSON.stringify(range)}\n`;
}
