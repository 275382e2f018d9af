/**
 * At the pace of ten billion readings a day: the simulator's worker beside Kafka's own producer as it comes, in
 * interleaved rounds, in per cent of a core and in milliseconds until the answer.
 */
import { decodeFromCompressedBase64 } from "hdr-histogram-js";
import { buildLatencies, percentilesMs } from "../../simulator/latency-percentiles.ts";
import type { MeasuredLatency } from "../../simulator/send-meter.ts";
import { columns } from "../prove/columns.ts";
import { type BenchRow, rowOf } from "./bench-result.ts";
import type { JavaProducer } from "./java-producer.ts";
import type { OwnKafka } from "./own-kafka.ts";
import { type PacedRound, pacePerSecond, paceWorker } from "./paced-worker.ts";
import { onFreshTopic, type Target } from "./producing-target.ts";
import { measure } from "./rounds.ts";

const names = {
  worker: `simulator's worker, ${pacePerSecond.toLocaleString("en")} readings/s`,
  java: "Java ProducerPerformance at that pace",
} as const;

type Percentiles = {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
};

/** Of either. */
type Paced = Pick<PacedRound, "perSecond" | "clientCores" | "brokerCores"> & {
  readonly ms: Readonly<Record<string, Percentiles>>;
};

/** `seconds`: of a round. */
export async function measurePaced(
  kafka: OwnKafka,
  java: JavaProducer,
  target: Target,
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
): Promise<{ readonly rows: readonly BenchRow[]; readonly notes: readonly string[] }> {
  const latencies: PacedRound["latency"][] = [];
  const measured = await measure<Paced>(
    {
      [names.worker]: () =>
        onFreshTopic(kafka, target, async (topic) => {
          const round = await paceWorker(kafka, topic, target.partitions, seconds);
          latencies.push(round.latency);
          const { sendLag, publish, answer } = round.latency;
          return {
            ...round,
            ms: {
              "from intended to sent": sendLag.ms,
              "from intended to acked": publish.ms,
              "from sent to acked": answer.ms,
            },
          };
        }),
      [names.java]: () =>
        onFreshTopic(kafka, target, (topic) => paceJava(kafka, java, topic, seconds)),
    },
    rounds,
  );
  return {
    rows: [...measured].flatMap(([name, rounds]) => rowsOf(name, rounds)),
    notes: [
      `paced: ${seconds} s a round, the worker's first 5 s not measured; latencies of all its rounds together, ms:`,
      mergedTable(latencies.slice(1)),
    ],
  };
}

/** Without a warm-up of its own: one that connects to Kafka within the round. */
async function paceJava(
  { cpuSeconds }: OwnKafka,
  java: JavaProducer,
  topic: string,
  seconds: number,
): Promise<Paced> {
  const before = cpuSeconds();
  const records = pacePerSecond * seconds;
  const { perSecond, clientCpu, ms } = await java.produce(topic, records, [], pacePerSecond);
  return {
    perSecond,
    clientCores: (clientCpu * perSecond) / 1e6,
    brokerCores: ((cpuSeconds() - before) * perSecond) / records,
    ms: { "from sent to acked": ms },
  };
}

function rowsOf(name: string, rounds: readonly Paced[]): readonly BenchRow[] {
  const row = (unit: string, better: "more" | "less", value: (round: Paced) => number): BenchRow =>
    rowOf({ name, unit, better, values: rounds.map(value) });
  const spans = Object.keys(rounds[0]?.ms ?? {});
  const percentiles = [
    ["p50", "p50"],
    ["p99", "p99"],
    ["p99.9", "p999"],
    ["max", "max"],
  ] as const;
  return [
    row("readings/s", "more", ({ perSecond }) => perSecond),
    row("% of a core, client", "less", ({ clientCores }) => 100 * clientCores),
    row("% of a core, broker", "less", ({ brokerCores }) => 100 * brokerCores),
    ...spans.flatMap((span) =>
      percentiles.map(([title, key]) =>
        row(`ms ${span}, ${title}`, "less", ({ ms }) => ms[span]![key]),
      ),
    ),
  ];
}

/** Histograms put together, not percentiles averaged. */
function mergedTable(latencies: readonly PacedRound["latency"][]): string {
  const merged = (title: string, which: (of: PacedRound["latency"]) => MeasuredLatency) => {
    const all = buildLatencies();
    for (const each of latencies) all.add(decodeFromCompressedBase64(which(each).base64));
    const { count, ...ms } = percentilesMs(all);
    return [
      title,
      ...Object.values(ms).map((value) => value.toFixed(2)),
      count.toLocaleString("en"),
    ];
  };
  return columns([
    ["", "p50", "p90", "p99", "p99.9", "p99.99", "p99.999", "max", "readings"],
    merged("from intended to sent", ({ sendLag }) => sendLag),
    merged("from intended to acked", ({ publish }) => publish),
    merged("from sent to acked", ({ answer }) => answer),
  ]);
}
