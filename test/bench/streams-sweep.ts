/**
 * Which way of running the Kafka Streams application is its best one here: all of them, one after
 * the other.
 */
import { randomBytes } from "node:crypto";
import { type BenchRow, rowOf } from "./bench-result.ts";
import { type Cores, placed } from "./one-core.ts";
import type { OwnKafka } from "./own-kafka.ts";
import type { Round } from "./rounds.ts";
import { say } from "./say.ts";
import type { StreamsJob, StreamsPeer, StreamsVariant } from "./streams-peer.ts";
import { withTopics } from "./with-topics.ts";

export type Setting = StreamsVariant & { readonly cores: Cores };
export type Tried = { readonly setting: Setting; readonly round: Round };

const settings: readonly Setting[] = (["one", "all"] as const).flatMap((cores) =>
  (["updates", "processor"] as const).flatMap((topology) =>
    (["memory", "rocksdb"] as const).flatMap((store) =>
      ([1, 2] as const).map((threads) => ({ cores, topology, store, threads })),
    ),
  ),
);

/** Two seconds and more at the rates that were seen. */
const sweepRecords = 600_000;

type Input = Pick<StreamsJob, "config" | "input"> & { readonly partitions: number };

/** Each topology and store once without counting, so that all of them meet a warm compiler. */
export async function sweepStreams(
  kafka: OwnKafka,
  peer: StreamsPeer,
  input: Input,
): Promise<readonly Tried[]> {
  const job = { ...input, records: sweepRecords, until: "processed" } as const;
  for (const setting of settings) {
    if (setting.cores === "one" || setting.threads === 1) continue;
    await aggregateStreams(kafka, peer, setting, job);
  }
  const tried: Tried[] = [];
  for (const setting of settings) {
    const round = await aggregateStreams(kafka, peer, setting, job);
    say(`Kafka Streams, ${nameOf(setting)}: ${Math.round(round.perSecond).toLocaleString("en")}/s`);
    tried.push({ setting, round });
  }
  return tried;
}

/** `onOutput` is called with the name of the output topic, which goes with the round. */
export async function aggregateStreams(
  kafka: OwnKafka,
  peer: StreamsPeer,
  setting: Setting,
  job: Input & Pick<StreamsJob, "records" | "until">,
  onOutput?: (topic: string) => Promise<void>,
): Promise<Round> {
  const { partitions, ...rest } = job;
  const group = `streams-${randomBytes(4).toString("hex")}`;
  const output = `${group}.output`;
  return await withTopics(kafka.bootstrap, [output], partitions, async () => {
    const before = kafka.cpuSeconds();
    const where = { job: peer.pid, broker: kafka.pid };
    const act = () => peer.aggregate(setting, { ...rest, group, output });
    const client = await placed(where, setting.cores, act);
    // Its start and end included, which are some hundredths of a second.
    const brokerCpu = ((kafka.cpuSeconds() - before) * 1e6) / job.records;
    await onOutput?.(output);
    return { ...client, brokerCpu };
  });
}

/** The fastest on `cores`. */
export function bestOf(tried: readonly Tried[], cores: Cores): Tried {
  const [best] = tried
    .filter(({ setting }) => setting.cores === cores)
    .sort((a, b) => b.round.perSecond - a.round.perSecond);
  if (best === undefined) throw new RangeError(`nothing was tried on ${cores}`);
  return best;
}

export function sweepRows(tried: readonly Tried[]): readonly BenchRow[] {
  return tried.flatMap(({ setting, round }) => {
    const name = `Kafka Streams, ${nameOf(setting)}`;
    const { perSecond, clientCpu } = round;
    return [
      rowOf({ name, unit: "records/s", better: "more", values: [perSecond] }),
      rowOf({ name, unit: "client µs of CPU a record", better: "less", values: [clientCpu] }),
    ];
  });
}

export function nameOf({ topology, store, threads, cores }: Setting): string {
  const where = cores === "one" ? "one core" : "all cores";
  return `${topology}, ${store}, ${threads} thread${threads === 1 ? "" : "s"}, ${where}`;
}
