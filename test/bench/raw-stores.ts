/**
 * What the clients of the two stores do when there is no job: all payloads made beforehand, into
 * the layout that the job has made, with its requests in flight and its settings. They are sent
 * without a break: in a pause between two lots the servers would merge and flush unmeasured.
 */
import { Client } from "@elastic/elasticsearch";
import cassandra from "cassandra-driver";
import { systemClock as clock } from "../../pipeline/clock.ts";
import { type Aggregate, encodeAggregate } from "../../pipeline/contract/aggregate.ts";
import { type AggregateFleet, slabs } from "./fleet-aggregates.ts";
import type { Round } from "./rounds.ts";
import { say } from "./say.ts";
import { warmUp } from "./sink-job.ts";

/** Records that are turned into payloads at a time. */
const slabSize = 50_000;

/** As the sample config and the sink have it. */
const bulkSize = 2_000;
const bulksInFlight = 2;
/** One at a time: in the order of event time hardly two records of a fetch share a partition. */
const rowsInFlight = 128;

/** A server that is behind may time out: sent again at once, as the job does after a while. */
const attempts = 5;

type Request = { readonly records: number; readonly send: () => Promise<void> };

/** Bulks of NDJSON to `<index>-yyyy.MM.dd`. */
export async function rawElasticsearch(
  node: string,
  index: string,
  fleet: AggregateFleet,
  signal: AbortSignal,
): Promise<Round> {
  const client = new Client({ node, maxRetries: 0, requestTimeout: 30_000 });
  const querystring = { filter_path: "items.*.status,items.*.error.type,items.*.error.reason" };
  const bulk = (records: readonly Aggregate[]): Request => {
    const bulkBody = Buffer.from(records.map((record) => operation(index, record)).join(""));
    const send = async (): Promise<void> => {
      const request = { method: "POST", path: "/_bulk", querystring, bulkBody };
      const answer = await client.transport.request<{ items: { index: { status: number } }[] }>(
        request,
      );
      if (!answer.items.every((item) => [201, 409].includes(item.index.status))) {
        throw new Error("a bulk with failed items");
      }
    };
    return { records: records.length, send };
  };
  try {
    const requests = prepared(fleet, (slab) => {
      const starts = Array.from(
        { length: Math.ceil(slab.length / bulkSize) },
        (_, at) => at * bulkSize,
      );
      return starts.map((start) => bulk(slab.slice(start, start + bulkSize)));
    });
    return await measureRequests(requests, bulksInFlight, signal);
  } finally {
    await client.close();
  }
}

/** Prepared inserts into `<keyspace>.temperatures`. */
export async function rawCassandra(
  {
    contactPoint,
    port,
    localDataCenter,
  }: {
    readonly contactPoint: string;
    readonly port: number;
    readonly localDataCenter: string;
  },
  keyspace: string,
  fleet: AggregateFleet,
  signal: AbortSignal,
): Promise<Round> {
  const client = new cassandra.Client({
    contactPoints: [`${contactPoint}:${port}`],
    localDataCenter,
  });
  const columns =
    "device, day, start, window_end, home, model, count, min, max, mean, sum, " +
    "revision, version, digest";
  const marks = columns.replace(/\w+/g, "?");
  const into = `${keyspace}.temperatures (${columns})`;
  const query = `INSERT INTO ${into} VALUES (${marks}) USING TIMESTAMP ?`;
  const consistency = cassandra.types.consistencies.localQuorum;
  const options = { prepare: true, isIdempotent: true, consistency };
  try {
    const requests = prepared(fleet, (slab) =>
      slab.map((record) => {
        const parameters = row(record);
        const send = async (): Promise<void> => {
          await client.execute(query, parameters, options);
        };
        return { records: 1, send };
      }),
    );
    return await measureRequests(requests, rowsInFlight, signal);
  } finally {
    await client.shutdown();
  }
}

function operation(index: string, record: Aggregate): string {
  const { device, window, version } = record;
  const _index = `${index}-${window.day.replaceAll("-", ".")}`;
  const _id = `${device.id}_${window.start}`;
  const action = { index: { _index, _id, version, version_type: "external" } };
  return `${JSON.stringify(action)}\n${Buffer.from(encodeAggregate(record)).toString()}\n`;
}

function row({ device, window, count, temperature, ...rest }: Aggregate): readonly unknown[] {
  const { Long, LocalDate } = cassandra.types;
  const { min, max, mean, sum } = temperature;
  const version = Long.fromNumber(rest.version);
  return [
    ...[device.id, LocalDate.fromString(window.day), new Date(window.start), new Date(window.end)],
    ...[device.home, device.model, count, min, max, mean, Long.fromNumber(sum)],
    ...[rest.revision, version, rest.digest, version],
  ];
}

function prepared(
  fleet: AggregateFleet,
  prepare: (slab: readonly Aggregate[]) => readonly Request[],
): readonly Request[] {
  return [...slabs(fleet, slabSize)].flatMap(prepare);
}

/** As of the job: its first records are not counted, while the servers fill their memory. */
async function measureRequests(
  requests: readonly Request[],
  inFlight: number,
  signal: AbortSignal,
): Promise<Round> {
  const total = requests.reduce((sum, { records }) => sum + records, 0);
  let done = 0;
  let next = 0;
  let from: { atMs: number; records: number; cpu: NodeJS.CpuUsage } | undefined;
  const lane = async (): Promise<void> => {
    while (next < requests.length && !signal.aborted) {
      const request = requests[next++]!;
      await insist(request.send);
      done += request.records;
      if (done < warmUp * total) continue;
      from ??= { atMs: clock.monotonicMs(), records: done, cpu: process.cpuUsage() };
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  signal.throwIfAborted();
  const { atMs, records: before, cpu } = from!;
  const { user, system } = process.cpuUsage(cpu);
  const records = done - before;
  const seconds = (clock.monotonicMs() - atMs) / 1000;
  return { perSecond: records / seconds, clientCpu: (user + system) / records };
}

async function insist(send: Request["send"]): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      if (attempt === attempts) throw error;
      say(`sent again: ${error instanceof Error ? error.message : error}`);
    }
  }
}
