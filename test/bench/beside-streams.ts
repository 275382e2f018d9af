/**
 * Rounds of the aggregator and of Kafka Streams in its best setting, with equal output, and how
 * they compare.
 */
import type { AggregatorConfig } from "../../pipeline/aggregator/config.ts";
import { type BenchRow, rowOf } from "./bench-result.ts";
import { type Windows, windowsDiffer } from "./compare-windows.ts";
import type { OwnKafka } from "./own-kafka.ts";
import { readOurs, readStreams, readWindows } from "./read-windows.ts";
import { type Contestants, measure, type Round, rowsOf } from "./rounds.ts";
import { startStreamsPeer } from "./streams-peer.ts";
import { aggregateStreams, bestOf, nameOf, sweepRows, sweepStreams } from "./streams-sweep.ts";

export type Aggregation = {
  readonly config: AggregatorConfig;
  readonly topic: string;
  readonly partitions: number;
  readonly records: number;
  /** Windows that begin before it are past their retention when the last reading has come. */
  readonly finalBefore: number;
};

/** Called with the name of the aggregator's output topic. */
export type OnOutput = (topic: string) => Promise<void>;

/**
 * `ours` is the aggregator's name among the contestants. Errors: those of the peer; when the
 * windows of a round are not equal.
 */
export async function besideStreams(
  kafka: OwnKafka,
  { config, topic, partitions, records, finalBefore }: Aggregation,
  rounds: number,
  ours: string,
  own: (onOutput: OnOutput) => Contestants,
): Promise<readonly BenchRow[]> {
  const { bootstrap } = kafka;
  await using peer = await startStreamsPeer(kafka);
  const input = { input: topic, config, partitions };
  const tried = await sweepStreams(kafka, peer, input);
  const { setting } = bestOf(tried, "one");
  const theirs = `Kafka Streams, ${nameOf(setting)}`;
  let windows: Windows = new Map();
  const keep = async (output: string): Promise<void> => {
    windows = await readWindows(bootstrap, output, partitions, readOurs);
  };
  const compare = async (output: string): Promise<void> => {
    const others = await readWindows(bootstrap, output, partitions, readStreams);
    const difference = windowsDiffer(windows, others, finalBefore);
    windows = new Map(); // Or the collector would walk them in the aggregator's next round.
    if (difference !== undefined) throw new Error(`the outputs are not equal: ${difference}`);
  };
  const job = { ...input, records, until: "committed" } as const;
  const measured = await measure(
    { ...own(keep), [theirs]: () => aggregateStreams(kafka, peer, setting, job, compare) },
    rounds,
  );
  const ratio = (unit: string, of: (own: Round, theirs: Round) => number): BenchRow => {
    const values = measured.get(ours)!.map((own, round) => of(own, measured.get(theirs)![round]!));
    return rowOf({ name: "fleetproof ÷ Kafka Streams", unit, better: "more", values });
  };
  const anywhere = bestOf(tried, "all").round.perSecond;
  return [
    ...rowsOf(measured),
    ratio("× its best rate on one core", (own, other) => own.perSecond / other.perSecond),
    ratio("× as many records a second of CPU", (own, other) => other.clientCpu / own.clientCpu),
    ratio("× its best of the sweep on all cores", (own) => own.perSecond / anywhere),
    ...sweepRows(tried),
  ];
}
