/**
 * What the persisting jobs make of their stores: the whole job as a worker process (fetch,
 * projection, sink, offsets) over a topic that is filled first, beside the store's raw client with
 * ready payloads in the same run.
 *   npm run bench:sink [-- [--stack NAME] [--store elasticsearch|cassandra] [--rounds N] [--json] [--compare OLD.json]]
 */
import { randomInt } from "node:crypto";
import { Client } from "@elastic/elasticsearch";
import { Admin } from "@platformatic/kafka";
import { systemClock as clock } from "../../pipeline/clock.ts";
import { connectGroup, runNames } from "../../pipeline/contract/names.ts";
import { connectKafka } from "../../pipeline/kafka/real-kafka.ts";
import { type BenchRow, rowOf } from "./bench-result.ts";
import { commandLine } from "./command-line.ts";
import { type AggregateFleet, publishAggregates } from "./fleet-aggregates.ts";
import { cql, forgetRun } from "./forget-run.ts";
import { rawCassandra, rawElasticsearch } from "./raw-stores.ts";
import { benchOptions, reportBench, reportingOf } from "./report-bench.ts";
import { type Contestants, measure, type Round, rowsOf } from "./rounds.ts";
import { say } from "./say.ts";
import { type JobTopic, type SinkStore, sinkJob } from "./sink-job.ts";
import { type Bench, withStack } from "./with-stack.ts";
import { withTopics } from "./with-topics.ts";

const values = commandLine(import.meta.filename, {
  stack: { type: "string" },
  ...benchOptions,
  store: { type: "string", multiple: true, default: ["elasticsearch", "cassandra"] },
});

/** 25,000 thermostats, two hours of five-minute windows: ten seconds and more of each store. */
const fleet: AggregateFleet = { devices: 25_000, windows: 24, partitions: 8 };
const records = fleet.devices * fleet.windows;
const reporting = reportingOf(values);
const stores = (["elasticsearch", "cassandra"] as const).filter((one) =>
  values.store.includes(one),
);
const countRanges = 16;
const nameOf = { elasticsearch: "Elasticsearch", cassandra: "Cassandra" };

await withStack(values.stack, async (bench) => {
  const { bootstrap } = bench.stack.kafka;
  const run = `r${Array.from({ length: 8 }, () => randomInt(36).toString(36)).join("")}`;
  const topic = runNames(run).topics.aggregated;
  const kafka = await connectKafka({ bootstrap, clientId: "fleetproof-bench", clock });
  try {
    await withTopics(bootstrap, [topic], fleet.partitions, async () => {
      say(`filling ${topic} with ${records.toLocaleString("en")} aggregates`);
      await publishAggregates(kafka, topic, fleet, bench.signal);
      const from = { kafka, run, topic, partitions: fleet.partitions };
      const all = stores.map((store) => contestants(bench, from, store));
      report(bench, await measure(Object.assign({}, ...all), reporting.rounds));
    });
  } finally {
    await kafka.close();
    await forgetRun(bench, run);
  }
});

/**
 * The job comes first: its first round makes the layout. Each leaves its store empty, so that
 * neither merges nor compacts what is there while the next one is measured.
 */
function contestants(bench: Bench, from: JobTopic, store: SinkStore): Contestants {
  const { elasticsearch, cassandra: address } = bench.stack;
  const { run } = from;
  const raw = {
    elasticsearch: () =>
      rawElasticsearch(elasticsearch.node, `${run}-temperatures`, fleet, bench.signal),
    cassandra: () => rawCassandra(address, run, fleet, bench.signal),
  };
  return {
    [`${nameOf[store]}, the whole job`]: async () => {
      const round = await sinkJob(bench, from, store, records);
      const held = await count(bench, run, store);
      await empty(bench, run, store);
      if (held === records) return round;
      throw new Error(`${nameOf[store]} holds ${held} of ${records} after the job`);
    },
    [`${nameOf[store]}, raw client`]: async () => {
      const round = await raw[store]();
      await empty(bench, run, store);
      return round;
    },
  };
}

function report(bench: Bench, measured: ReadonlyMap<string, readonly Round[]>): void {
  const { java, kafka, elasticsearch, cassandra: version } = bench.stack.versions;
  const rows = [...rowsOf(measured), ...stores.map((store) => shareOfRaw(measured, store))];
  const notes = [
    `${records.toLocaleString("en")} aggregates a round, ${fleet.partitions} partitions`,
  ];
  const servers = { Java: java, Kafka: kafka, Elasticsearch: elasticsearch, Cassandra: version };
  reportBench({ bench: "sink", versions: servers, rows, notes }, reporting, clock.now());
}

/** Round by round: what slows one down slows the other. */
function shareOfRaw(measured: ReadonlyMap<string, readonly Round[]>, store: SinkStore): BenchRow {
  const job = measured.get(`${nameOf[store]}, the whole job`) ?? [];
  const raw = measured.get(`${nameOf[store]}, raw client`) ?? [];
  const values = job.map(({ perSecond }, at) => (100 * perSecond) / raw[at]!.perSecond);
  const name = `${nameOf[store]}, the whole job`;
  return rowOf({ name, unit: "% of the raw client's rate", better: "more", values });
}

/** As before the first round: no documents or rows, and no committed offsets. */
async function empty({ stack }: Bench, run: string, store: SinkStore): Promise<void> {
  const admin = new Admin({ clientId: run, bootstrapBrokers: [stack.kafka.bootstrap] });
  const group = connectGroup(`${run}-${store}`);
  const known = await admin.listGroups();
  if (known.has(group)) await admin.deleteGroups({ groups: [group] });
  await admin.close();
  if (store === "elasticsearch") await dropIndices(stack.elasticsearch.node, run);
  else await cql(stack, `TRUNCATE ${run}.temperatures`, run);
}

async function count({ stack }: Bench, run: string, store: SinkStore): Promise<number> {
  if (store === "cassandra") return countRows(stack, run);
  const client = new Client({ node: stack.elasticsearch.node });
  const index = `${run}-temperatures-*`;
  await client.indices.refresh({ index });
  const { count: held } = await client.count({ index });
  await client.close();
  return held;
}

/** By token ranges: one query over all rows takes longer than Cassandra allows. */
async function countRows(stack: Bench["stack"], run: string): Promise<number> {
  const from = `SELECT count(*) AS held FROM ${run}.temperatures WHERE token(device, day)`;
  const step = 2n ** 64n / BigInt(countRanges);
  let held = 0;
  for (let range = 0n; range < countRanges; range++) {
    const start = -(2n ** 63n) + range * step;
    const within = `${from} >= ${start} AND token(device, day) <= ${start + step - 1n}`;
    const rows = await cql(stack, within, run);
    held += Number(rows?.[0]?.["held"] ?? 0);
  }
  return held;
}

async function dropIndices(node: string, run: string): Promise<void> {
  const client = new Client({ node });
  const index = Object.keys(await client.indices.get({ index: `${run}-temperatures-*` }));
  if (index.length > 0) await client.indices.delete({ index });
  await client.close();
}
