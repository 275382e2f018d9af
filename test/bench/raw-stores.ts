/**
 * What the clients of the two stores do when there is no job: payloads made beforehand, into the
 * layout that the job has made, with its requests in flight and its settings. Only sending and
 * waiting is measured.
 */
import { Client } from "@elastic/elasticsearch";
import cassandra from "cassandra-driver";
import { systemClock as clock } from "../../pipeline/clock.ts";
import { type Aggregate, encodeAggregate } from "../../pipeline/contract/aggregate.ts";
import { type AggregateFleet, slabs } from "./fleet-aggregates.ts";
import type { Round } from "./rounds.ts";
import { say } from "./say.ts";

/** Records whose payloads are held ready at once. */
const slabSize = 50_000;

/** As the sample config and the sink have it. */
const bulkSize = 2_000;
const bulksInFlight = 2;
/** One at a time: in the order of event time hardly two records of a fetch share a partition. */
const rowsInFlight = 128;

/** A server that is behind may time out: sent again at once, as the job does after a while. */
const attempts = 5;

type Send = () => Promise<void>;

/** Bulks of NDJSON to `<index>-yyyy.MM.dd`. */
export async function rawElasticsearch(
  node: string,
  index: string,
  fleet: AggregateFleet,
  signal: AbortSignal,
): Promise<Round> {
  const client = new Client({ node, maxRetries: 0, requestTimeout: 30_000 });
  const querystring = { filter_path: "items.*.status,items.*.error.type,items.*.error.reason" };
  const bulk = (records: readonly Aggregate[]): Send => {
    const bulkBody = Buffer.from(records.map((record) => operation(index, record)).join(""));
    return async () => {
      const request = { method: "POST", path: "/_bulk", querystring, bulkBody };
      const answer = await client.transport.request<{ items: { index: { status: number } }[] }>(
        request,
      );
      if (!answer.items.every((item) => [201, 409].includes(item.index.status))) {
        throw new Error("a bulk with failed items");
      }
    };
  };
  try {
    return await measureSlabs(fleet, bulksInFlight, signal, (slab) => {
      const starts = Array.from(
        { length: Math.ceil(slab.length / bulkSize) },
        (_, at) => at * bulkSize,
      );
      return starts.map((start) => bulk(slab.slice(start, start + bulkSize)));
    });
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
    return await measureSlabs(fleet, rowsInFlight, signal, (slab) =>
      slab.map((record) => {
        const parameters = row(record);
        return async () => void (await client.execute(query, parameters, options));
      }),
    );
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

async function measureSlabs(
  fleet: AggregateFleet,
  inFlight: number,
  signal: AbortSignal,
  prepare: (slab: readonly Aggregate[]) => readonly Send[],
): Promise<Round> {
  let records = 0;
  let seconds = 0;
  let cpuMicros = 0;
  for (const slab of slabs(fleet, slabSize)) {
    const sends = prepare(slab);
    const cpu = process.cpuUsage();
    const from = clock.monotonicMs();
    let next = 0;
    const lane = async (): Promise<void> => {
      while (next < sends.length && !signal.aborted) await insist(sends[next++]!);
    };
    await Promise.all(Array.from({ length: inFlight }, lane));
    signal.throwIfAborted();
    seconds += (clock.monotonicMs() - from) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    cpuMicros += user + system;
    records += slab.length;
  }
  return { perSecond: records / seconds, clientCpu: cpuMicros / records };
}

async function insist(send: Send): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      if (attempt === attempts) throw error;
      say(`sent again: ${error instanceof Error ? error.message : error}`);
    }
  }
}
