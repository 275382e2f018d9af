/**
 * Kafka Streams beside the aggregator: the application of `test/peers/streams`, compiled by the
 * JDK's own compiler, in one JVM for all rounds.
 */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { AggregatorConfig } from "../../pipeline/aggregator/config.ts";
import type { OwnKafka } from "./own-kafka.ts";

export type StreamsVariant = {
  /** `updates`: the DSL, emitting at every commit what has changed; `processor`: when ours does. */
  readonly topology: "updates" | "processor";
  readonly store: "memory" | "rocksdb";
  readonly threads: 1 | 2;
};

export type StreamsJob = {
  /** Names the group; its topics of changes begin with it and go with the round. */
  readonly group: string;
  readonly config: Pick<AggregatorConfig, "window" | "commitEvery">;
  readonly input: string;
  readonly output: string;
  /** It ends when so many of the input's are processed; all of them: when they are committed. */
  readonly records: number;
  readonly until: "processed" | "committed";
};

export type StreamsPeer = AsyncDisposable & {
  readonly pid: number;
  readonly aggregate: (
    variant: StreamsVariant,
    job: StreamsJob,
  ) => Promise<{ readonly perSecond: number; readonly clientCpu: number }>;
};

const sources = fileURLToPath(new URL("../peers/streams", import.meta.url));
const main = "StreamsRounds";
const jvm = ["-Xms2g", "-Xmx2g", "-XX:+UseParallelGC", "-Dlog4j2.level=OFF"];

/** Errors: the compiler's. */
export async function startStreamsPeer(kafka: OwnKafka): Promise<StreamsPeer> {
  const { bootstrap, java, files, folder, signal } = kafka;
  const classes = join(folder, "streams");
  const jars = join(files, "*");
  const named = readdirSync(sources).map((name) => join(sources, name));
  const compiler = join(java.home, "bin", "javac");
  await promisify(execFile)(compiler, ["-d", classes, "-cp", jars, ...named], { signal });
  const args = [...jvm, "-cp", `${classes}:${jars}`, main];
  const child = spawn(java.command, args, { stdio: ["pipe", "pipe", "inherit"], signal });
  child.on("error", () => undefined); // Ended with the benchmark; its output ends then, too.
  await once(child, "spawn");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    pid: child.pid!,
    async aggregate({ topology, store, threads }, job) {
      const { group, input, output, records, until } = job;
      const { window, commitEvery } = job.config;
      const { size, grace, retention } = window;
      const options = {
        ...{ bootstrap, folder: join(folder, "state"), topology, store, threads, group },
        ...{ input, output, records, until, size, grace, retention, commitMs: commitEvery },
      };
      const pairs = Object.entries(options).map(([name, value]) => `${name}=${value}`);
      child.stdin.write(`${pairs.join("\t")}\n`);
      const { value = "", done } = await lines.next();
      const said = /^nanoseconds (\d+) cpu (\d+)$/.exec(value);
      if (done || said === null) throw new Error(`the Kafka Streams peer ended: ${value}`);
      const [, nanoseconds, cpu] = said;
      return {
        perSecond: records / (Number(nanoseconds) / 1e9),
        clientCpu: Number(cpu) / 1e3 / records,
      };
    },
    async [Symbol.asyncDispose]() {
      const exited = once(child, "exit");
      child.stdin.end();
      await exited;
    },
  };
}
