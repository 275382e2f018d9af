/**
 * One round of reading a store whole: by the scan of `fleetproof run` and `fleetproof verify`, every row as columns in
 * a file; and by the store's own client, one page after the other, which only counts.
 */
import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Client, type estypes } from "@elastic/elasticsearch";
import cassandra from "cassandra-driver";
import { openStoredScan } from "../../harness/facts/store-files.ts";
import { recordScan } from "../../harness/observe/record-scan.ts";
import { readStore } from "../../harness/run/stores.ts";
import type { StoreMapping } from "../../harness/scenario/scenario.ts";
import { systemClock as clock } from "../../pipeline/clock.ts";
import { runNames } from "../../pipeline/contract/names.ts";
import { createPlan, type PlanOptions } from "../../simulator/plan.ts";
import { type AggregateFleet, startMs } from "./fleet-aggregates.ts";
import type { Round } from "./rounds.ts";
import type { SinkStore } from "./sink-job.ts";
import type { Bench } from "./with-stack.ts";

export type FilledStores = {
  readonly run: string;
  readonly fleet: AggregateFleet;
};

/** The product's own pages are as large. */
const pageSize = 5_000;

/** As the scenarios have it. */
const optional = { revision: "revision", version: "version" };
const mappings: Readonly<Record<SinkStore, StoreMapping>> = {
  elasticsearch: {
    ...{ device: "device.id", window: "window.start", count: "count", sum: "temperature.sum" },
    ...{ digest: "digest", min: "temperature.min", max: "temperature.max" },
    ...{ mean: "temperature.mean", ...optional },
  },
  cassandra: {
    ...{ device: "device", window: "start", count: "count", sum: "sum", digest: "digest" },
    ...{ min: "min", max: "max", mean: "mean", ...optional },
  },
};

export async function scanStore(
  { stack, folder, signal }: Bench,
  { run, fleet }: FilledStores,
  store: SinkStore,
): Promise<Round> {
  const facts = join(folder, `scan-${randomBytes(4).toString("hex")}`);
  await mkdir(facts);
  const target = runNames(run);
  const plan = createPlan(planOf(fleet));
  const records = fleet.devices * fleet.windows;
  const asked = { stack, target, signal, onProgress: () => undefined };
  const options = { folder: facts, store, mapping: mappings[store], plan };
  const round = await timed(records, () =>
    recordScan(options, (taker) => readStore(store, asked, taker)),
  );
  const scan = await openStoredScan(facts, `store-${store}`);
  const held = Array.from({ length: scan.buckets }, (_, nth) => {
    const { table } = scan.read(nth);
    const { digestOk, device } = table.columns;
    return device.subarray(0, table.length).filter((each, row) => each >= 0 && digestOk[row] === 1);
  });
  const found = held.reduce((sum, { length }) => sum + length, 0);
  if (found !== records) throw new Error(`${found} of ${records} rows of ${store} were read`);
  return round;
}

/** The client's simplest: a point in time, `search_after`, no slices. */
export async function rawElasticsearchScan(
  { stack, signal }: Bench,
  { run, fleet }: FilledStores,
): Promise<Round> {
  const client = new Client({ node: stack.elasticsearch.node });
  const index = runNames(run).indices;
  try {
    return await timed(fleet.devices * fleet.windows, async () => {
      const { id } = await client.openPointInTime({ index, keep_alive: "60s" });
      let after: estypes.SortResults | undefined;
      let read = 0;
      do {
        const page = await client.search(
          {
            pit: { id, keep_alive: "60s" },
            size: pageSize,
            sort: [{ _shard_doc: "asc" }],
            track_total_hits: false,
            ...(after === undefined ? {} : { search_after: after }),
          },
          { signal },
        );
        read += page.hits.hits.length;
        after = page.hits.hits.at(-1)?.sort;
      } while (after !== undefined);
      await client.closePointInTime({ id });
      requireAll(read, fleet);
    });
  } finally {
    await client.close();
  }
}

/** The driver's simplest: one query over the whole table, page after page. */
export async function rawCassandraScan(
  { stack, signal }: Bench,
  { run, fleet }: FilledStores,
): Promise<Round> {
  const { contactPoint, port, localDataCenter } = stack.cassandra;
  const client = new cassandra.Client({
    contactPoints: [`${contactPoint}:${port}`],
    localDataCenter,
    socketOptions: { readTimeout: 60_000 },
  });
  const { keyspace, table } = runNames(run);
  try {
    await client.connect();
    return await timed(fleet.devices * fleet.windows, async () => {
      let pageState: string | undefined;
      let read = 0;
      do {
        signal.throwIfAborted();
        const options = { prepare: true, fetchSize: pageSize };
        const page = await client.execute(`SELECT * FROM ${keyspace}.${table}`, [], {
          ...options,
          ...(pageState === undefined ? {} : { pageState }),
        });
        read += page.rows.length;
        pageState = page.pageState ?? undefined;
      } while (pageState !== undefined);
      requireAll(read, fleet);
    });
  } finally {
    await client.shutdown();
  }
}

/** A plan whose devices have the names and windows of the fleet's. */
function planOf({ devices, windows, partitions }: AggregateFleet): PlanOptions {
  const none = { outOfOrder: 0, revising: 0, late: 0, duplicated: 0, malformed: 0, missing: 0 };
  const sizeMs = 300_000;
  return {
    ...{ seed: 1, devices, everyMs: 10_000, startAt: startMs, loadMs: windows * sizeMs },
    ...{ partitions, format: "avro", mix: none },
    window: { sizeMs, graceMs: 30_000, retentionMs: 600_000, aheadMs: 3_600_000, quorum: 3 },
  };
}

function requireAll(read: number, { devices, windows }: AggregateFleet): void {
  if (read !== devices * windows) throw new Error(`${read} of ${devices * windows} rows were read`);
}

async function timed(records: number, act: () => Promise<void>): Promise<Round> {
  const cpu = process.cpuUsage();
  const from = clock.monotonicMs();
  await act();
  const seconds = (clock.monotonicMs() - from) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: records / seconds, clientCpu: (user + system) / records };
}
