/**
 * Producers with nothing to hold them back: records a second, and what each costs. Interleaved rounds after one that is
 * not counted; Kafka's own producer competes as it comes and with the best settings found.
 */
import type { BenchRow } from "./bench-result.ts";
import { rowOf } from "./bench-result.ts";
import { fleetDevices } from "./hot-producing.ts";
import type { JavaProducer } from "./java-producer.ts";
import { sweepSettings } from "./java-sweep.ts";
import { type JsClient, startJsProducer } from "./js-producer.ts";
import type { OwnKafka } from "./own-kafka.ts";
import { onFreshTopic, type Target } from "./producing-target.ts";
import { measure, type Round, rowsOf } from "./rounds.ts";

const records = 6_000_000;
/** kafkajs and the library's producer need as long for fewer. */
const slowRecords = 400_000;
const sweepRecords = 2_000_000;

const names = {
  hotReadings: "hot path, fleet readings",
  hotRecords: "hot path, 32-byte records",
  java: "Java ProducerPerformance, 32-byte records",
  tuned: "the same, tuned",
  kafkajs: "kafkajs, 32-byte records",
  library: "@platformatic/kafka Producer, 32-byte records",
} as const;

export async function measureSaturated(
  kafka: OwnKafka,
  java: JavaProducer,
  target: Target,
  rounds: number,
): Promise<{ readonly rows: readonly BenchRow[]; readonly notes: readonly string[] }> {
  const { best, table } = await sweepSettings((properties) =>
    onFreshTopic(kafka, target, async (topic) => {
      return (await java.produce(topic, sweepRecords, properties)).perSecond;
    }),
  );
  await using clients = new AsyncDisposableStack();
  const js = (client: JsClient, count: number): (() => Promise<Round>) => {
    const producer = clients.use(startJsProducer(kafka, client, target));
    return round(kafka, target, count, (topic) => producer.produce(topic, count));
  };
  const performance = (properties: readonly string[]): (() => Promise<Round>) =>
    round(kafka, target, records, (topic) => java.produce(topic, records, properties));
  const measured = await measure(
    {
      [names.hotReadings]: js("hot-readings", records),
      [names.hotRecords]: js("hot-records", records),
      [names.java]: performance([]),
      [names.tuned]: performance(best),
      [names.kafkajs]: js("kafkajs", slowRecords),
      [names.library]: js("library", slowRecords),
    },
    rounds,
  );
  const count = (of: number): string => of.toLocaleString("en");
  return {
    rows: [...rowsOf(measured), ...coresOf(measured), ...ratiosOf(measured)],
    notes: [
      `as fast as it goes: ${count(records)} records a round, ${count(slowRecords)} of the slow two ` +
        `(kafkajs, @platformatic/kafka); fleet readings are of ${count(fleetDevices)} devices, in Avro`,
      `Java ProducerPerformance by its settings, records/s of one round of ${count(sweepRecords)} each:`,
      table,
      `tuned: ${best.join(" ")}, the best of three over two more rounds`,
    ],
  };
}

type Client = Pick<Round, "perSecond" | "clientCpu">;

/** A round on a fresh topic, with what the broker used meanwhile. */
function round(
  kafka: OwnKafka,
  target: Target,
  count: number,
  act: (topic: string) => Promise<Client>,
): () => Promise<Round> {
  return () =>
    onFreshTopic(kafka, target, async (topic) => {
      const before = kafka.cpuSeconds();
      const { perSecond, clientCpu } = await act(topic);
      const brokerCpu = ((kafka.cpuSeconds() - before) * 1e6) / count;
      return { perSecond, clientCpu, brokerCpu };
    });
}

/** How many cores client and broker keep busy at these rates. */
function coresOf(measured: ReadonlyMap<string, readonly Round[]>): readonly BenchRow[] {
  return [...measured].flatMap(([name, rounds]) => {
    const cores = (cpu: (round: Round) => number): number[] =>
      rounds.map((round) => (cpu(round) * round.perSecond) / 1e6);
    const row = { name, better: "less" } as const;
    return [
      rowOf({ ...row, unit: "cores, client", values: cores(({ clientCpu }) => clientCpu) }),
      rowOf({ ...row, unit: "cores, broker", values: cores(({ brokerCpu = 0 }) => brokerCpu) }),
    ];
  });
}

/** Of the rates of one and the same round. */
function ratiosOf(measured: ReadonlyMap<string, readonly Round[]>): readonly BenchRow[] {
  const tuned = measured.get(names.tuned) ?? [];
  return [names.hotReadings, names.hotRecords].map((name) => {
    const values = (measured.get(name) ?? []).map(
      ({ perSecond }, index) => perSecond / tuned[index]!.perSecond,
    );
    return rowOf({ name: `${name} / tuned Java`, unit: "× its records/s", better: "more", values });
  });
}
