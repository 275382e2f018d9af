/**
 * How fast the hot path produces when nothing holds it back, with Java's ProducerPerformance beside it in the same
 * run: interleaved rounds, so that whatever else the machine does meets them all. Prints records/s (median, least,
 * most) and, for the hot path, µs of CPU a record; all with acks=all and an idempotent producer.
 *   node test/bench/bench-produce.ts BOOTSTRAP JAVA_CLASS_PATH [ROUNDS]
 */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { Admin } from "@platformatic/kafka";
import { systemClock } from "../../simulator/clock.ts";
import { createHotProducer } from "../../simulator/hot-producer.ts";
import { createPartitionWalk } from "../../simulator/partition-walk.ts";
import { createPlan, type Plan } from "../../simulator/plan.ts";
import { connectProducePort } from "../../simulator/produce-port.ts";
import { batchMaxBytes, type Producer, recordOverheadBytes } from "../../simulator/producer.ts";

const partitions = 8;
const ownRecords = 3_000_000;
const javaRecords = 1_000_000;
const recordBytes = 32;

type Round = { readonly perSecond: number; readonly cpuMicros?: number };

/** Appends up to `most` records for the partition; returns how many. */
type Source = (producer: Producer, partition: number, most: number) => number;

const [bootstrap, classPath, roundsText = "5"] = process.argv.slice(2);
if (bootstrap === undefined || classPath === undefined) {
  console.error("usage: bench-produce BOOTSTRAP JAVA_CLASS_PATH [ROUNDS]");
  process.exit(2);
}
const admin = new Admin({ clientId: "bench-produce", bootstrapBrokers: [bootstrap] });
const plan = createPlan({
  seed: 20180301,
  devices: 25_000,
  everyMs: 10_000,
  startAt: Date.UTC(2026, 0, 15),
  // 15 % more than are sent, because hashing fills partitions unevenly.
  loadMs: Math.ceil((1.15 * ownRecords * 10_000) / 25_000),
  partitions,
  format: "avro",
  window: {
    sizeMs: 300_000,
    graceMs: 30_000,
    retentionMs: 600_000,
    aheadMs: 3_600_000,
    quorum: 3,
  },
  mix: {
    outOfOrder: 0.02,
    revising: 0.002,
    late: 0.001,
    duplicated: 0.005,
    malformed: 0.00001,
    missing: 0.001,
  },
});

const tuned = ["batch.size=1000000", "linger.ms=20", "buffer.memory=134217728"];
const contestants: Record<string, (topic: string) => Promise<Round>> = {
  "hot path, fleet readings": (topic) => produce(topic, readings(plan)),
  "hot path, 32-byte records": (topic) => produce(topic, constant(recordBytes)),
  "Java ProducerPerformance": (topic) => java(topic, []),
  "Java, tuned": (topic) => java(topic, tuned),
};
const rounds = new Map<string, Round[]>(Object.keys(contestants).map((name) => [name, []]));
for (let round = 0; round < Math.max(5, Number(roundsText)); round++) {
  for (const [name, run] of Object.entries(contestants)) {
    const topic = `bench-produce-${randomBytes(4).toString("hex")}`;
    const configs = [{ name: "message.timestamp.type", value: "LogAppendTime" }];
    await admin.createTopics({ topics: [topic], partitions, replicas: 1, configs });
    rounds.get(name)!.push(await run(topic));
    await admin.deleteTopics({ topics: [topic] });
  }
}
await admin.close();
for (const [name, results] of rounds) report(name, results);

async function produce(topic: string, source: Source): Promise<Round> {
  const clock = systemClock;
  const own = Array.from({ length: partitions }, (_, partition) => partition);
  const port = await connectProducePort({ bootstrap: bootstrap!, topic, clientId: topic, clock });
  let acked = 0;
  const producer = await createHotProducer({
    port,
    clock,
    partitions: own,
    settle: (_partition, count, _sentAtMs, { outcome }) => {
      if (outcome !== "acked") throw new Error(`a batch of the benchmark ${outcome}`);
      acked += count;
    },
  });
  const cpu = process.cpuUsage();
  const start = clock.monotonicMs();
  let sent = 0;
  while (sent < ownRecords) {
    let appended = 0;
    for (const partition of own) {
      const room = Math.min(Math.floor(producer.room(partition) / 128), 8_192);
      appended += source(producer, partition, Math.min(room, ownRecords - sent - appended));
    }
    sent += appended;
    producer.flush();
    // Answers come between turns of the event loop.
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  await producer.idle();
  const seconds = (clock.monotonicMs() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await producer.close();
  if (acked !== ownRecords) throw new Error(`${acked} of ${ownRecords} records were acked`);
  return { perSecond: acked / seconds, cpuMicros: (user + system) / acked };
}

/** What the simulator sends: generated, encoded, appended. */
function readings(of: Plan): Source {
  const walks = Array.from({ length: partitions }, (_, p) => createPartitionWalk(of, p));
  const value = new Uint8Array(of.encodedMaxBytes);
  return (producer, partition, most) =>
    walks[partition]!.advance(
      Number.POSITIVE_INFINITY,
      (reading) => {
        const end = of.encode(reading, value, 0);
        const { idBytes, idStart, idEnd } = reading;
        producer.append(partition, idBytes, idStart, idEnd, value, 0, end);
      },
      most,
    );
}

/** What ProducerPerformance sends: the same bytes over and over, without a key's worth of entropy. */
function constant(bytes: number): Source {
  const value = new Uint8Array(randomBytes(bytes));
  const fitting = Math.floor(batchMaxBytes / (bytes + recordOverheadBytes));
  return (producer, partition, most) => {
    const count = Math.min(most, fitting);
    for (let i = 0; i < count; i++) producer.append(partition, value, 0, 0, value, 0, bytes);
    return count;
  };
}

async function java(topic: string, properties: readonly string[]): Promise<Round> {
  const { stdout } = await promisify(execFile)("java", [
    "-Xmx512m",
    "-cp",
    classPath!,
    "org.apache.kafka.tools.ProducerPerformance",
    ...["--topic", topic],
    ...["--num-records", String(javaRecords)],
    ...["--record-size", String(recordBytes)],
    ...["--throughput", "-1"],
    ...["--producer-props", `bootstrap.servers=${bootstrap}`, "acks=all", ...properties],
  ]);
  const last = stdout.trimEnd().split("\n").at(-1)!;
  const rate = /([\d.]+) records\/sec/.exec(last);
  if (rate === null) throw new Error(`ProducerPerformance said: ${last}`);
  return { perSecond: Number(rate[1]) };
}

function report(name: string, results: readonly Round[]): void {
  const rates = results.map(({ perSecond }) => perSecond).toSorted((a, b) => a - b);
  const costs = results.flatMap(({ cpuMicros = [] }) => cpuMicros).toSorted((a, b) => a - b);
  const grouped = (n: number): string => Math.round(n).toLocaleString("en-US");
  const middle = (sorted: readonly number[]): number => sorted[sorted.length >> 1]!;
  const cpu = costs.length > 0 ? `, ${middle(costs).toFixed(2)} µs of CPU a record` : "";
  console.log(
    `${name.padEnd(26)} ${grouped(middle(rates)).padStart(10)} records/s ` +
      `(${grouped(rates[0]!)} to ${grouped(rates.at(-1)!)}, ${results.length} rounds)${cpu}`,
  );
}
