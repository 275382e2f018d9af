/** The jobs' settings in memory, and what every run in memory shares: its name, a quiet logger, the end of its drain. */
import { readFileSync } from "node:fs";
import { parseAggregatorConfig } from "../../pipeline/aggregator/config.ts";
import type { AggregatorOptions } from "../../pipeline/aggregator/loop.ts";
import { validateJobConfig } from "../../pipeline/connect/config/config.ts";
import type { JobConfig } from "../../pipeline/connect/config/job-config.ts";
import { connectGroup, runNames } from "../../pipeline/contract/names.ts";
import type { Kafka } from "../../pipeline/kafka/port.ts";
import type { Scenario } from "../scenario/scenario.ts";

export const run = "rsimulate";
export const span = 128;
export const digestKey = [0, 0] as const;

const quiet = (): void => undefined;
export const quietLog = { debug: quiet, info: quiet, warn: quiet, error: quiet };

export function aggregatorConfig(
  scenario: Scenario,
  pace: { readonly checkpointEvery: string; readonly commitEvery?: string },
): AggregatorOptions["config"] {
  const names = runNames(run);
  const { sizeMs, graceMs, retentionMs, aheadMs, quorum } = scenario.window;
  const parsed = parseAggregatorConfig({
    group: names.aggregatorGroup,
    topics: names.topics,
    window: {
      size: `${sizeMs}ms`,
      grace: `${graceMs}ms`,
      retention: `${retentionMs}ms`,
      ahead: `${aheadMs}ms`,
      quorum,
      span,
    },
    ...pace,
  });
  if (!parsed.ok) throw new Error(parsed.problems.join("\n"));
  return parsed.config;
}

/** A job's file, on stores that are nowhere. */
export function jobConfig(file: string): JobConfig {
  const nowhere = {
    "elasticsearch.host": "memory",
    "elasticsearch.port": "1",
    "cassandra.host": "memory",
    "cassandra.port": "1",
    "cassandra.datacenter": "memory",
  };
  const value: unknown = JSON.parse(readFileSync(file, "utf8"));
  const validated = validateJobConfig(value, { variables: { ...nowhere, run } });
  if (!validated.ok) throw new Error(JSON.stringify(validated.errors));
  return validated.config;
}

/** Whether every group has committed all that its topic holds, markers included. */
export async function isDrained(
  { log, groups }: Kafka,
  partitions: number,
  jobs: readonly string[],
  signal: AbortSignal,
): Promise<boolean> {
  const names = runNames(run);
  const { raw, aggregated, rejected } = names.topics;
  const all = Array.from({ length: partitions }, (_, p) => p);
  const stages = [
    [names.aggregatorGroup, raw] as const,
    ...jobs.map((job) => [connectGroup(job), aggregated] as const),
  ];
  for (const [group, topic] of stages) {
    const ends = await log.endOffsets(topic, all, "read_uncommitted");
    const committed = await groups.committed(group, topic, all, signal);
    if (all.some((p) => (committed.get(p)?.offset ?? 0) !== (ends.get(p) ?? 0))) return false;
  }
  // What a dead instance left open there is in nobody's way: its time-out ends it, and the observer waits for that.
  const [ends, stable] = await Promise.all([
    log.endOffsets(rejected, all, "read_uncommitted"),
    log.endOffsets(rejected, all, "read_committed"),
  ]);
  return all.every((p) => stable.get(p) === ends.get(p));
}
