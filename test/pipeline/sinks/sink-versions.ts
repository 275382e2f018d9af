/** What is written lies where it should, and the newest version of it: part of the contract of a sink. */
import { expect, test } from "vitest";
import { aggregate, writeOf } from "./sample-writes.ts";
import type { SinkBench } from "./sink-bench.ts";

export function versionPromises(bench: SinkBench): void {
  const { own, write, put, rows, counts, old, fixture } = bench;

  test("a write is stored with all its values", async () => {
    expect(await put(write("t-0000042", 0, 30))).toEqual(["stored"]);
    expect((await rows()).get("t-0000042@1768435200000")).toEqual({
      device: own("t-0000042"),
      start: 1768435200000,
      count: 30,
      sum: 59190,
      mean: 19.730333333333334,
      digest: "4048969ebe7149d4",
      home: `home of ${own("t-0000042")}`,
      place: fixture().placeOf("2026-01-15"),
    });
  });

  test("a newer version replaces an older one", async () => {
    await put(write("a", 0, 29));
    expect(await put(write("a", 0, 30))).toEqual(["stored"]);
    expect(await counts()).toEqual({ "a@1768435200000": 30 });
  });

  test("an older version changes nothing and is done", async () => {
    await put(write("a", 0, 30));
    expect(await put(write("a", 0, 29))).toEqual([old]);
    expect(await counts()).toEqual({ "a@1768435200000": 30 });
  });

  test("an equal version changes nothing and is done", async () => {
    await put(write("a", 0, 30));
    const before = await rows();
    expect(await put(write("a", 0, 30))).toEqual([old]);
    expect(await rows()).toEqual(before);
  });

  test("of two versions in one batch the newer stays, in either order", async () => {
    const batch = [write("a", 0, 29), write("a", 0, 30), write("b", 0, 30), write("b", 0, 29)];
    for (const kind of await put(...batch)) expect(["stored", "not-newer"]).toContain(kind);
    expect(await counts()).toEqual({ "a@1768435200000": 30, "b@1768435200000": 30 });
  });

  test("one record goes to the targets of all its statements, and UPSERT is versioned as INSERT is", async () => {
    const { statement, second } = fixture();
    expect([statement.mode, second.mode]).toEqual(["INSERT", "UPSERT"]);
    const both = (revision: number) => [write("a", 0, revision), write("a", 0, revision, second)];
    expect(await put(...both(30))).toEqual(["stored", "stored"]);
    expect(await put(...both(29))).toEqual([old, old]);
    expect(await counts()).toEqual({ "a@1768435200000": 30 });
    expect(await counts(second)).toEqual({ "a@1768435200000": 30 });
  });

  test("every write of a large batch gets its own result", async () => {
    const devices = Array.from({ length: 30 }, (_, at) => `t-${at}`);
    const batch = devices.flatMap((device) =>
      Array.from({ length: 70 }, (_, nth) => write(device, nth, 1)),
    );
    const results = await put(...batch);
    expect(results).toEqual(batch.map(() => "stored"));
    expect((await rows()).size).toBe(2_100);
  });

  test("the place follows from event time, across midnight", async () => {
    await put(write("a", -1, 1), write("a", 0, 1));
    const stored = await rows();
    expect(stored.get("a@1768434900000")?.place).toBe(fixture().placeOf("2026-01-14"));
    expect(stored.get("a@1768435200000")?.place).toBe(fixture().placeOf("2026-01-15"));
  });

  test("a missing field is left out, not written as null", async () => {
    const without = writeOf(fixture().statement, aggregate(own("a"), 0, 30), (json) =>
      json.replace(/"home":"[^"]*",/, ""),
    );
    await put(without);
    expect((await rows()).get("a@1768435200000")?.home).toBeUndefined();
  });

  test("a replay of everything leaves the store as it is", async () => {
    const log = [write("a", 0, 28), write("b", 0, 30), write("a", 0, 30), write("a", 1, 30)];
    await put(...log);
    const before = await rows();
    for (const one of log) await put(one);
    await put(...log);
    expect(await rows()).toEqual(before);
  });
}
