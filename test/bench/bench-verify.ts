/**
 * How fast everything is read again that a run must prove. The raw topic, on a Kafka of its own: fetched and taken apart
 * alone, then held against the plan and folded by the oracle, with Java's ConsumerPerformance, which counts, beside them.
 * Both stores: the scan that goes into a run's facts, with the store's own client, which counts, beside it.
 *   npm run bench:verify [-- [--only raw|elasticsearch|cassandra] [--stack NAME] [--rounds N] [--json] [--compare OLD.json]]
 */
import "../../simulator/inline-more.ts";
import { randomBytes, randomInt } from "node:crypto";
import { artifacts } from "../../harness/stack/artifacts.ts";
import { systemClock as clock } from "../../pipeline/clock.ts";
import { runNames } from "../../pipeline/contract/names.ts";
import { connectKafka } from "../../pipeline/kafka/real-kafka.ts";
import { createPlan } from "../../simulator/plan.ts";
import { fleetOf } from "../prove/fleet-of.ts";
import { auditTopic, fillRawTopic, readTopic } from "./audit-topic.ts";
import { commandLine, refuse, wholeNumber } from "./command-line.ts";
import { type AggregateFleet, publishAggregates } from "./fleet-aggregates.ts";
import { forgetRun } from "./forget-run.ts";
import { startJavaConsumer } from "./java-consumer.ts";
import { type OwnKafka, withOwnKafka } from "./own-kafka.ts";
import { benchOptions, reportBench, reportingOf } from "./report-bench.ts";
import { type Contestants, measure, type Round, rowsOf } from "./rounds.ts";
import { say } from "./say.ts";
import { rawCassandraScan, rawElasticsearchScan, scanStore } from "./scan-stores.ts";
import { fillStore } from "./sink-job.ts";
import { type Bench, withStack } from "./with-stack.ts";
import { withTopics } from "./with-topics.ts";

const parts = ["raw", "elasticsearch", "cassandra"] as const;
const values = commandLine(import.meta.filename, {
  stack: { type: "string" },
  ...benchOptions,
  only: { type: "string", multiple: true, default: [...parts] },
  readings: { type: "string", default: "5e6" },
});
const reporting = reportingOf(values);
const foreign = values.only.find((one) => !parts.some((part) => part === one));
if (foreign !== undefined) refuse(`--only ${foreign}: take ${parts.join(", ")}`);
const asked = parts.filter((part) => values.only.includes(part));
const stores = asked.filter((part) => part !== "raw");

/** One every 10 s, windows of ten minutes: sixty readings a window, as `ten-billion-a-day` has it. */
const raw = fleetOf(wholeNumber("readings", values.readings, 1e5, 1e9), 10_000, 20_180_301);
/** 25,000 thermostats, an hour of five-minute windows. */
const stored: AggregateFleet = { devices: 25_000, windows: 12, partitions: 8 };

const measured = new Map<string, readonly Round[]>();
const notes: string[] = [];
const versions: Record<string, string> = {};
if (asked.includes("raw")) await withOwnKafka(measureRaw);
if (stores.length > 0) await withStack(values.stack, measureStores);
// Interrupted: what was measured is not the whole.
if (process.exitCode === undefined) {
  reportBench({ bench: "verify", versions, rows: rowsOf(measured), notes }, reporting, clock.now());
}

async function measureRaw(kafka: OwnKafka): Promise<void> {
  const { partitions } = raw.plan;
  const name = `bench-${randomBytes(4).toString("hex")}`;
  const topics = { raw: name, aggregated: `${name}-aggregated`, rejected: `${name}-rejected` };
  await using java = startJavaConsumer(kafka);
  await withTopics(kafka.bootstrap, Object.values(topics), partitions, async () => {
    say("filling the raw topic");
    const records = await fillRawTopic(kafka, topics.raw, raw);
    const filled = { ...topics, records };
    await keep({
      "raw topic, read alone": () => readTopic(kafka, filled, createPlan(raw.plan)),
      "raw topic, audited and folded": () => auditTopic(kafka, filled, raw),
      "raw topic, Java ConsumerPerformance": () => java.consume(topics.raw, records),
    });
    notes.push(`${records.toLocaleString("en")} readings a round, ${partitions} partitions`);
  });
  versions["Kafka (one broker)"] = artifacts.kafka.version;
  versions["Java"] = kafka.java.version;
}

async function measureStores(bench: Bench): Promise<void> {
  const { stack, signal } = bench;
  const { bootstrap } = stack.kafka;
  const run = `r${Array.from({ length: 8 }, () => randomInt(36).toString(36)).join("")}`;
  const topic = runNames(run).topics.aggregated;
  const records = stored.devices * stored.windows;
  const kafka = await connectKafka({ bootstrap, clientId: "fleetproof-bench", clock });
  try {
    await withTopics(bootstrap, [topic], stored.partitions, async () => {
      say(`filling the stores with ${records.toLocaleString("en")} aggregates`);
      await publishAggregates(kafka, topic, stored, signal);
      const from = { kafka, run, topic, partitions: stored.partitions };
      // By the persisting jobs: theirs is the layout that a run has.
      for (const store of stores) await fillStore(bench, from, store);
      await keep(Object.assign({}, ...stores.map((store) => contestants(bench, run, store))));
    });
  } finally {
    await kafka.close();
    await forgetRun(bench, run);
  }
  notes.push(`${records.toLocaleString("en")} aggregates in each store`);
  versions["Elasticsearch"] = stack.versions.elasticsearch;
  versions["Cassandra"] = stack.versions.cassandra;
}

function contestants(bench: Bench, run: string, store: (typeof stores)[number]): Contestants {
  const filled = { run, fleet: stored };
  const own = () => scanStore(bench, filled, store);
  if (store === "elasticsearch") {
    const client = () => rawElasticsearchScan(bench, filled);
    return { "Elasticsearch, scanned into facts": own, "Elasticsearch, raw client": client };
  }
  const client = () => rawCassandraScan(bench, filled);
  return { "Cassandra, scanned into facts": own, "Cassandra, raw driver": client };
}

async function keep(contestants: Contestants): Promise<void> {
  for (const [name, rounds] of await measure(contestants, reporting.rounds)) {
    measured.set(name, rounds);
  }
}
