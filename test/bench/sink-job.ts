/**
 * One round of a persisting job: a real worker process, with the sample config of its store, from
 * the first record of a filled topic to the last. Measured between commits, because those tell when
 * records were stored: the first of them leaves out the process's own start, and the last may come
 * up to a second and a half after what it commits.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describeExit } from "../../harness/process/owned-process.ts";
import { spawnProcess } from "../../harness/process/spawn-process.ts";
import { systemClock as clock } from "../../pipeline/clock.ts";
import { connectGroup } from "../../pipeline/contract/names.ts";
import type { Kafka } from "../../pipeline/kafka/port.ts";
import { startMs } from "./fleet-aggregates.ts";
import type { Round } from "./rounds.ts";
import { say } from "./say.ts";
import type { Bench } from "./with-stack.ts";

export type SinkStore = "elasticsearch" | "cassandra";

const entry = fileURLToPath(new URL("../../pipeline/start-job.ts", import.meta.url));
const jobs = fileURLToPath(new URL("../../scenarios/jobs/", import.meta.url));

/** Share of the records that warm the compilers up, and fill the servers' memory. */
export const warmUp = 0.2;

/** Of a whole round. */
const roundWithinMs = 600_000;
const lookEveryMs = 100;

type Commit = { readonly records: number; readonly atMs: number; readonly cpuSeconds: number };

/** The job's group must not exist: all `records` are read. */
export async function sinkJob(
  bench: Bench,
  from: JobTopic,
  store: SinkStore,
  records: number,
): Promise<Round> {
  return between(await fillStore(bench, from, store), records);
}

/** Runs the job until the topic's end is committed; ends it. */
export async function fillStore(
  { stack, registry, folder, signal }: Bench,
  { kafka, run, topic, partitions }: JobTopic,
  store: SinkStore,
): Promise<readonly Commit[]> {
  const child = await spawnProcess({
    name: `bench-${store}`,
    command: process.execPath,
    args: [entry, ...argumentsOf(stack, store, run)],
    logFile: join(folder, `${store}.log`),
    ipc: true, // The worker ends when the benchmark does, however that is.
    registry,
    clock,
  });
  try {
    const group = connectGroup(`${run}-${store}`);
    const all = Array.from({ length: partitions }, (_, partition) => partition);
    const committed = async (): Promise<number> => {
      const offsets = await kafka.groups.committed(group, topic, all, signal);
      return [...offsets.values()].reduce((sum, { offset }) => sum + offset, 0);
    };
    const ends = await kafka.log.endOffsets(topic, all, "read_committed");
    const end = [...ends.values()].reduce((sum, offset) => sum + offset, 0);
    const following = followCommits(committed, end, () => child.usage().cpuSeconds, signal);
    const outcome = await Promise.race([following, child.exited]);
    if ("code" in outcome) throw new Error(`the ${store} job ended: ${describeExit(outcome)}`);
    return outcome;
  } finally {
    await child.stop({ graceMs: 10_000 });
  }
}

export type JobTopic = {
  readonly kafka: Kafka;
  readonly run: string;
  readonly topic: string;
  readonly partitions: number;
};

function argumentsOf(stack: Bench["stack"], store: SinkStore, run: string): readonly string[] {
  const { hostname, port } = new URL(stack.elasticsearch.node);
  const { contactPoint, port: cqlPort, localDataCenter } = stack.cassandra;
  const variables = {
    run,
    "elasticsearch.host": hostname,
    "elasticsearch.port": port,
    "cassandra.host": contactPoint,
    "cassandra.port": String(cqlPort),
    "cassandra.datacenter": localDataCenter,
  };
  // The job lives on the fleet's day: on a later one its indices would be past their days.
  const day = { origin: clock.now(), start: startMs, scale: 1 };
  const settings = Object.entries(variables).flatMap(([name, value]) => [
    "--set",
    `${name}=${value}`,
  ]);
  return [
    ...["connect", join(jobs, `${store}.json`), "--bootstrap", stack.kafka.bootstrap],
    ...["--cluster", run, "--listen", "127.0.0.1:0", "--clock", JSON.stringify(day), ...settings],
  ];
}

/** Every advance of the committed offsets, until all `end` are. */
async function followCommits(
  committed: () => Promise<number>,
  end: number,
  cpuSeconds: () => number,
  signal: AbortSignal,
): Promise<readonly Commit[]> {
  const commits: Commit[] = [];
  const deadline = clock.monotonicMs() + roundWithinMs;
  for (;;) {
    const records = await committed();
    if (records > (commits.at(-1)?.records ?? 0)) {
      commits.push({ records, atMs: clock.monotonicMs(), cpuSeconds: cpuSeconds() });
    }
    if (records >= end) return commits;
    if (clock.monotonicMs() > deadline) throw new Error(`only ${records} of ${end} are committed`);
    await clock.sleep(lookEveryMs, signal);
  }
}

function between(commits: readonly Commit[], total: number): Round {
  const first = commits.find((commit) => commit.records >= warmUp * total);
  const last = commits.at(-2);
  if (first === undefined || last === undefined || last === first) {
    throw new Error(`${commits.length} commits are too few to measure between: give more records`);
  }
  const records = last.records - first.records;
  say(
    `${commits.length} commits; ${Math.round((100 * records) / total)} % of the records measured`,
  );
  return {
    perSecond: records / ((last.atMs - first.atMs) / 1000),
    clientCpu: ((last.cpuSeconds - first.cpuSeconds) * 1e6) / records,
  };
}
