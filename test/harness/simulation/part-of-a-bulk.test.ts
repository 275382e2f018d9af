import { expect, test } from "vitest";
import { createVirtualClock } from "../../../harness/simulation/memory-clock.ts";
import { createMemoryElasticsearch } from "../../../harness/simulation/memory-elasticsearch.ts";

test("a bulk can be applied in part: each item says what became of it", async () => {
  const clock = createVirtualClock(0);
  let bulks = 0;
  const beginBulk = (): (() => boolean) => {
    bulks += 1;
    let items = 0;
    return () => bulks === 1 && items++ % 2 === 1;
  };
  const store = createMemoryElasticsearch({ clock, beginBulk });
  const lines = ["a", "b", "c"].flatMap((id) => [
    JSON.stringify({ index: { _index: "day", _id: id } }),
    JSON.stringify({ value: 1 }),
  ]);
  const body = Buffer.from(`${lines.join("\n")}\n`);
  const send = async (): Promise<number[]> => {
    const { signal } = new AbortController();
    const items = await clock.runUntil(store.connect().bulk(body, signal), 100);
    return items.map(({ status }) => status);
  };
  expect(await send()).toEqual([201, 429, 201]);
  expect([...store.indices.get("day")!.keys()]).toEqual(["a", "c"]);
  expect(await send()).toEqual([200, 201, 200]);
});
