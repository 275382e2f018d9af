/**
 * How fast the hot path produces when nothing holds it back, with Java's ProducerPerformance beside it in the same
 * run, on a Kafka of its own: acks=all, idempotent, eight partitions, no compression.
 *   npm run bench:produce [-- [--rounds N] [--json] [--compare OLD.json]]
 */
import { randomBytes } from "node:crypto";
import { artifacts } from "../../harness/stack/artifacts.ts";
import { systemClock as clock } from "../../simulator/clock.ts";
import { commandLine } from "./command-line.ts";
import { constant, produceHot, readings, type Source } from "./hot-producing.ts";
import { startJavaProducer } from "./java-producer.ts";
import { type OwnKafka, withOwnKafka } from "./own-kafka.ts";
import { benchOptions, reportBench, reportingOf } from "./report-bench.ts";
import { measure, type Round, rowsOf } from "./rounds.ts";
import { withTopics } from "./with-topics.ts";

const partitions = 8;
const records = 3_000_000;
const recordBytes = 32;
const tuned = ["batch.size=1000000", "linger.ms=20", "buffer.memory=134217728"];
const reporting = reportingOf(commandLine(import.meta.filename, benchOptions));

await withOwnKafka(async (kafka) => {
  const { bootstrap } = kafka;
  await using java = await startJavaProducer(kafka, recordBytes);
  const hot = (source: () => Source) =>
    onFreshTopic(kafka, (topic) => produceHot(bootstrap, topic, partitions, records, source()));
  const performance = (properties: readonly string[]) =>
    onFreshTopic(kafka, (topic) => java.produce(topic, records, properties));
  const measured = await measure(
    {
      "hot path, fleet readings": hot(() => readings(partitions, records)),
      "hot path, 32-byte records": hot(() => constant(recordBytes)),
      "Java ProducerPerformance, 32-byte records": performance([]),
      "the same, tuned": performance(tuned),
    },
    reporting.rounds,
  );
  const notes = [`${records.toLocaleString("en")} records a round; tuned: ${tuned.join(" ")}`];
  const versions = { "Kafka (one broker)": artifacts.kafka.version, Java: kafka.java.version };
  reportBench(
    { bench: "produce", versions, rows: rowsOf(measured), notes },
    reporting,
    clock.now(),
  );
});

type Client = Pick<Round, "perSecond" | "clientCpu">;

function onFreshTopic(
  { bootstrap, cpuSeconds }: OwnKafka,
  act: (topic: string) => Promise<Client>,
): () => Promise<Round> {
  return async () => {
    const topic = `bench-${randomBytes(4).toString("hex")}`;
    return await withTopics(bootstrap, [topic], partitions, async () => {
      const before = cpuSeconds();
      const client = await act(topic);
      return { ...client, brokerCpu: ((cpuSeconds() - before) * 1e6) / records };
    });
  };
}
