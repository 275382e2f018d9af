/**
 * Rows in the real stores, planted by hand, so that the scans can be held against what is known to
 * be there.
 */
import { randomBytes } from "node:crypto";
import { types } from "cassandra-driver";
import { openCassandra } from "../../harness/observe/cassandra-client.ts";
import { openElasticsearch } from "../../harness/observe/elasticsearch-client.ts";
import type { StackAddresses } from "../../harness/stack/running-stack.ts";

export const firstWindow = Date.UTC(2026, 0, 15);
const windowMs = 300_000;

export type PlantedRow = {
  readonly device: number;
  readonly window: number;
  readonly count: number;
  readonly sum: number;
};

export function plantedRow(device: number, window = 0): PlantedRow {
  return { device, window: firstWindow + window * windowMs, count: 30, sum: 59_191 };
}

/** Devices are `t-0000042`, as in the product. */
export const plan = {
  deviceOf(bytes: Uint8Array, start: number, end: number): number {
    const match = /^t-(\d{7})$/.exec(new TextDecoder().decode(bytes.subarray(start, end)));
    return match === null ? -1 : Number(match[1]);
  },
};

export function deviceId(device: number): string {
  return `t-${String(device).padStart(7, "0")}`;
}

const digest = "4048969ebe7149d4";

/** A name for one test's own indices, keyspace, topics and groups. */
export function uniqueRun(): string {
  return `r${randomBytes(4).toString("hex")}`;
}

/** `index`: day suffix. Errors: when an item failed otherwise than by its version. */
export async function plantInElasticsearch(
  { elasticsearch }: StackAddresses,
  run: string,
  index: string,
  rows: readonly PlantedRow[],
): Promise<void> {
  const client = openElasticsearch(elasticsearch.node);
  const name = `${run}-temperatures-${index}`;
  try {
    if (!(await client.indices.exists({ index: name }))) {
      await client.indices.create({
        index: name,
        settings: { number_of_replicas: 0 },
        mappings: { properties: { device: { properties: { id: { type: "keyword" } } } } },
      });
    }
    const operations = rows.flatMap(({ device, window, count, sum }) => [
      {
        index: {
          _index: name,
          _id: `${deviceId(device)}_${window}`,
          version: (window + windowMs) * 1_000 + count,
          version_type: "external" as const,
        },
      },
      {
        device: { id: deviceId(device) },
        window: { start: window },
        count,
        temperature: { sum },
        digest,
      },
    ]);
    const { items } = await client.bulk({ operations });
    const failed = items.find(({ index }) => (index?.status ?? 0) > 201 && index?.status !== 409);
    if (failed !== undefined) throw new Error(JSON.stringify(failed));
  } finally {
    await client.close();
  }
}

export async function removeFromElasticsearch(
  { elasticsearch }: StackAddresses,
  run: string,
): Promise<void> {
  const client = openElasticsearch(elasticsearch.node);
  const found = await client.indices.get({ index: `${run}-*`, expand_wildcards: "all" });
  for (const index of Object.keys(found)) await client.indices.delete({ index });
  await client.close();
}

export async function plantInCassandra(
  { cassandra }: StackAddresses,
  run: string,
  rows: readonly PlantedRow[],
): Promise<void> {
  const client = openCassandra(cassandra);
  try {
    await client.connect();
    await client.execute(
      `CREATE KEYSPACE IF NOT EXISTS ${run} WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}`,
    );
    await client.execute(
      `CREATE TABLE IF NOT EXISTS ${run}.temperatures (device text, day date, start timestamp, ` +
        "count int, sum bigint, digest text, home text, PRIMARY KEY ((device, day), start))",
    );
    const insert = `INSERT INTO ${run}.temperatures (device, day, start, count, sum, digest) VALUES (?, ?, ?, ?, ?, ?) USING TIMESTAMP ?`;
    for (let from = 0; from < rows.length; from += 256) {
      const writes = rows.slice(from, from + 256).map(({ device, window, count, sum }) => {
        const day = types.LocalDate.fromString(new Date(window).toISOString().slice(0, 10));
        const long = types.Long.fromNumber;
        const version = long((window + windowMs) * 1_000 + count);
        const start = new Date(window);
        return client.execute(insert, [
          deviceId(device),
          day,
          start,
          count,
          long(sum),
          digest,
          version,
        ]);
      });
      await Promise.all(writes);
    }
  } finally {
    await client.shutdown();
  }
}

export async function removeFromCassandra(
  { cassandra }: StackAddresses,
  run: string,
): Promise<void> {
  const client = openCassandra(cassandra);
  await client.connect();
  await client.execute(`DROP KEYSPACE IF EXISTS ${run}`);
  await client.shutdown();
}
