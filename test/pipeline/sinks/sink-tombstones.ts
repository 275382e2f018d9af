/** A tombstone is a version like any other: part of the contract of a sink. */
import { expect, test } from "vitest";
import type { SinkBench } from "./sink-bench.ts";

export function tombstonePromises(bench: SinkBench): void {
  const { write, tombstone, put, counts, old } = bench;

  test("a tombstone removes what it names, and nothing beside it", async () => {
    await put(write("a", 0, 30), write("a", 1, 30), write("b", 0, 30));
    expect(await put(tombstone("a", 0, 31))).toEqual(["stored"]);
    expect(await counts()).toEqual({ "a@1768435500000": 30, "b@1768435200000": 30 });
  });

  test("a tombstone for what was never stored is done", async () => {
    expect(await put(tombstone("a", 0, 31), write("b", 0, 30))).toEqual(["stored", "stored"]);
    expect(await counts()).toEqual({ "b@1768435200000": 30 });
  });

  test("an older write that comes again after the tombstone stays away; a newer one is stored", async () => {
    await put(write("a", 0, 29));
    await put(tombstone("a", 0, 30));
    expect(await put(write("a", 0, 29))).toEqual([old]);
    expect(await counts()).toEqual({});
    expect(await put(write("a", 0, 31))).toEqual(["stored"]);
    expect(await counts()).toEqual({ "a@1768435200000": 31 });
  });

  test("a tombstone older than what is stored removes nothing", async () => {
    await put(write("a", 0, 30));
    expect(await put(tombstone("a", 0, 29))).toEqual([old]);
    expect(await counts()).toEqual({ "a@1768435200000": 30 });
  });

  test("a tombstone that comes again is done", async () => {
    await put(write("a", 0, 29));
    await put(tombstone("a", 0, 30));
    expect(await put(tombstone("a", 0, 30))).toEqual([old]);
    expect(await counts()).toEqual({});
  });

  test("of a write and a tombstone in one batch the newer wins, in either order", async () => {
    const batch = [
      ...[write("a", 0, 29), tombstone("a", 0, 30)],
      ...[tombstone("b", 0, 30), write("b", 0, 29)],
      ...[tombstone("c", 0, 29), write("c", 0, 30)],
    ];
    for (const kind of await put(...batch)) expect(["stored", "not-newer"]).toContain(kind);
    expect(await counts()).toEqual({ "c@1768435200000": 30 });
  });
}
