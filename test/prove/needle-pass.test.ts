import { expect, test } from "vitest";
import { createBuckets } from "../../harness/facts/buckets.ts";
import { systemClock as clock } from "../../pipeline/clock.ts";
import { fleetOf } from "./fleet-of.ts";
import type { Tampering } from "./needle.ts";
import { isProven, needleNames, needlePass } from "./needle-pass.ts";
import { notReadToTheEnd } from "./unread.ts";

const seed = 20_180_301;
const pass = (tampering: Partial<Tampering> = {}, of = seed) =>
  needlePass({
    fleet: fleetOf(200_000, 10_000, of),
    seed: of,
    clock,
    tampering: { withheld: [], unlisted: [], ...tampering },
  });

test("each of 200,000 readings' planted faults is named, and nothing else is reported", async () => {
  const result = await pass();
  expect(result.missed).toEqual([]);
  expect(result.unexplained).toEqual([]);
  expect(result.unnamed).toBe(0);
  expect(isProven(result)).toBe(true);
  expect(result.named.map(({ needle }) => needle.name).toSorted()).toEqual(needleNames.toSorted());
  expect(result.unseen.map(({ finding }) => finding?.class)).toEqual(Array(7).fill("unseen"));
  expect(result.canary).toEqual({ planted: 9, caught: 9 });
  expect(result.records).toBeGreaterThan(190_000);
});

test("judged in many buckets, it is the same: each fault once, and nothing else", async () => {
  const result = await needlePass({
    fleet: fleetOf(200_000, 10_000, seed),
    seed,
    clock,
    buckets: ({ allDevices }) => createBuckets(7, allDevices),
  });
  expect(result.missed).toEqual([]);
  expect(result.unexplained).toEqual([]);
  expect(result.unnamed).toBe(0);
  expect(isProven(result)).toBe(true);
  expect(result.unseen.map(({ finding }) => finding?.class)).toEqual(Array(7).fill("unseen"));
});

test("what is not planted is reported as missed, whatever it is", async () => {
  const withheld = needleNames.filter((name) => !name.startsWith("near miss"));
  const result = await pass({ withheld });
  const unread = result.missed.filter((name) => name.endsWith(notReadToTheEnd));
  expect(unread).toHaveLength(7);
  expect(result.missed.filter((name) => !unread.includes(name)).toSorted()).toEqual(
    withheld.toSorted(),
  );
  expect(result.unexplained).toEqual([]);
  expect(isProven(result)).toBe(false);
});

test("one needle that is not planted is missed, and only that one", async () => {
  const result = await pass({ withheld: ["corrupt value"] });
  expect(result.missed).toEqual(["corrupt value"]);
  expect(isProven(result)).toBe(false);
});

test("what is planted and not listed is reported as unexplained, and nothing else is", async () => {
  const unlisted = ["duplicated later", "row in two indices", "lost at the end of the log"];
  const result = await pass({ unlisted });
  expect(result.missed).toEqual([]);
  expect(result.unexplained.map((finding) => finding.class).toSorted()).toEqual(
    ["duplicate", "lost-write", "split-key"].toSorted(),
  );
  expect(isProven(result)).toBe(false);
});
