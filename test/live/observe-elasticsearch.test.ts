import { afterEach, expect, test } from "vitest";
import { openElasticsearch } from "../../harness/observe/elasticsearch-client.ts";
import { elasticsearchEvidence } from "../../harness/observe/elasticsearch-evidence.ts";
import { elasticsearchPoll } from "../../harness/observe/elasticsearch-poll.ts";
import { readElasticsearch } from "../../harness/observe/elasticsearch-scan.ts";
import { evidenceBetween } from "../../harness/observe/store-evidence.ts";
import { keptScan } from "../harness/observe/kept-scan.ts";
import { liveStack } from "./live-stack.ts";
import {
  deviceId,
  firstWindow,
  plan,
  plantedRow,
  plantInElasticsearch,
  removeFromElasticsearch,
  uniqueRun,
} from "./observe-rows.ts";

const mapping = {
  device: "device.id",
  window: "window.start",
  count: "count",
  sum: "temperature.sum",
  digest: "digest",
};
const { signal } = new AbortController();
let run = "";

function scan(at: AbortSignal = signal) {
  const { node } = liveStack().elasticsearch;
  const indices = `${run}-temperatures-*`;
  const asked = { node, indices, signal: at };
  return keptScan({ store: "elasticsearch", mapping, plan }, (taker) =>
    readElasticsearch(asked, taker),
  );
}

afterEach(() => removeFromElasticsearch(liveStack(), run));

test("every document of all days is read once, whatever the page size", async () => {
  run = uniqueRun();
  const rows = Array.from({ length: 12_000 }, (_, device) => plantedRow(device));
  await plantInElasticsearch(liveStack(), run, "2026.01.15", rows.slice(0, 11_000));
  await plantInElasticsearch(liveStack(), run, "2026.01.16", rows.slice(11_000));
  const { rows: seen, count } = await scan();
  expect(count).toBe(12_000);
  const devices = [...seen.table.columns.device.subarray(0, count)].sort((a, b) => a - b);
  expect(devices).toEqual(rows.map(({ device }) => device));
  expect(seen.groups.toSorted()).toEqual([
    `${run}-temperatures-2026.01.15`,
    `${run}-temperatures-2026.01.16`,
  ]);
});

test("a copy in another index is seen, a missing row is not there, an altered one is altered", async () => {
  run = uniqueRun();
  const rows = [plantedRow(1), plantedRow(2), { ...plantedRow(3), sum: 1 }];
  await plantInElasticsearch(liveStack(), run, "2026.01.15", rows);
  const before = await scan();
  await plantInElasticsearch(liveStack(), run, "2026.01.16", [plantedRow(2)]);
  const { rows: seen, count, digest } = await scan();
  const { device, sum, window } = seen.table.columns;
  const found = Array.from({ length: count }, (_, row) => [device[row], sum[row], window[row]]);
  expect(found.sort()).toEqual([
    [1, 59_191, firstWindow],
    [2, 59_191, firstWindow],
    [2, 59_191, firstWindow],
    [3, 1, firstWindow],
  ]);
  expect(digest).not.toBe(before.digest);
});

test("a replay leaves the digest as it was, and the store counts its refusals", async () => {
  run = uniqueRun();
  const { node } = liveStack().elasticsearch;
  const indices = `${run}-temperatures-*`;
  const rows = [plantedRow(1), plantedRow(2)];
  await plantInElasticsearch(liveStack(), run, "2026.01.15", rows);
  const { digest } = await scan();
  const before = await elasticsearchEvidence({ node, indices, signal });
  await plantInElasticsearch(liveStack(), run, "2026.01.15", rows);
  const after = await elasticsearchEvidence({ node, indices, signal });
  expect(evidenceBetween(before, after)).toMatchObject({ writes: 2, notNewer: 2 });
  expect((await scan()).digest).toBe(digest);
});

test("an index that is closed is refused, not left out", async () => {
  run = uniqueRun();
  await plantInElasticsearch(liveStack(), run, "2026.01.15", [plantedRow(1)]);
  await plantInElasticsearch(liveStack(), run, "2026.01.16", [plantedRow(2)]);
  const client = openElasticsearch(liveStack().elasticsearch.node);
  await client.indices.close({ index: `${run}-temperatures-2026.01.16` });
  await client.close();
  await expect(scan()).rejects.toThrow(/^Elasticsearch could not be read: /);
});

test("no index is an empty store, and a scan that is aborted says so", async () => {
  run = uniqueRun();
  expect((await scan()).count).toBe(0);
  await expect(scan(AbortSignal.abort(new Error("enough")))).rejects.toThrow();
});

test("a row is visible once a search finds it", async () => {
  run = uniqueRun();
  const { node } = liveStack().elasticsearch;
  const poll = elasticsearchPoll({ node, indices: `${run}-temperatures-*`, mapping });
  const targets = [1, 2].map((device) => ({
    device: deviceId(device),
    windowStart: firstWindow,
  }));
  expect(await poll.seen(targets, signal)).toEqual([]);
  await plantInElasticsearch(liveStack(), run, "2026.01.15", [plantedRow(2), plantedRow(3)]);
  const deadline = AbortSignal.timeout(30_000);
  let seen = await poll.seen(targets, deadline);
  while (seen.length === 0) seen = await poll.seen(targets, deadline);
  // Its mapping names no version.
  expect(seen).toEqual([{ ...targets[1], revision: 30, version: Number.NaN }]);
  await poll.close();
});
