/** The aggregator's fold over the stretches of one partition, in this process and without I/O. */
import type { AggregatorConfig } from "../../pipeline/aggregator/config.ts";
import { createPartitionState, foldFetched } from "../../pipeline/aggregator/partition-state.ts";
import { systemClock as clock } from "../../pipeline/clock.ts";
import type { FetchedPartition } from "../../pipeline/kafka/port.ts";
import type { Round } from "./rounds.ts";

/** Output is built as for a commit, and thrown away. */
export function foldAlone(
  config: AggregatorConfig,
  partitions: number,
  stretches: readonly FetchedPartition[],
): Round {
  const state = createPartitionState(config, stretches[0]?.partition ?? 0, partitions);
  const cpu = process.cpuUsage();
  const from = clock.monotonicMs();
  for (const stretch of stretches) {
    foldFetched(state, stretch);
    for (const outbox of [state.aggregated, state.rejected]) outbox.give(outbox.take());
  }
  const seconds = (clock.monotonicMs() - from) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const records = state.position;
  if (state.counts.folded !== records) throw new Error("not every record was folded");
  return { perSecond: records / seconds, clientCpu: (user + system) / records };
}
