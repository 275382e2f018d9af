/** Kafka's own ProducerPerformance beside the hot path: one JVM for all rounds (`test/peers/producer-rounds.java`). */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { OwnKafka } from "./own-kafka.ts";
import { startRounds } from "./rounds-process.ts";

/** Whole milliseconds from the call of `send` to the answer, the wait for the rest of the batch included. */
type JavaLatency = {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
};

/** `clientCpu`: µs a record, of the whole JVM. */
type JavaRound = {
  readonly perSecond: number;
  readonly clientCpu: number;
  readonly ms: JavaLatency;
};

export type JavaProducer = AsyncDisposable & {
  /** `properties`: of the producer, `key=value`. `perSecond`: its pace; absent: as fast as it can. */
  readonly produce: (
    topic: string,
    records: number,
    properties: readonly string[],
    perSecond?: number,
  ) => Promise<JavaRound>;
};

const source = fileURLToPath(new URL("../peers/producer-rounds.java", import.meta.url));

/** It sends one record over and over: making 32 random bytes is not what is measured. */
export async function startJavaProducer(
  { bootstrap, java, files, folder, signal }: OwnKafka,
  recordBytes: number,
): Promise<JavaProducer> {
  const payload = join(folder, "payload");
  await writeFile(payload, "r".repeat(recordBytes));
  const jvm = ["-Xmx512m", "-Dlog4j2.level=OFF", "-cp", join(files, "*")];
  const rounds = startRounds("ProducerPerformance", java.command, [...jvm, source], signal);
  return {
    produce(topic, records, properties, perSecond = -1) {
      const args = [
        ...["--topic", topic, "--num-records", `${records}`, "--throughput", `${perSecond}`],
        ...["--payload-file", payload, "--producer-props", `bootstrap.servers=${bootstrap}`],
        ...["acks=all", "enable.idempotence=true", ...properties],
      ];
      let total = "";
      return rounds.ask(args.join("\t"), (line) => {
        // Before the last of these, which is the whole, come some of five seconds each.
        if (line.startsWith(`${records} records sent`)) total = line;
        const cpu = /^cpu nanoseconds: (\d+)$/.exec(line);
        if (cpu === null) return undefined;
        return { ...figuresOf(total), clientCpu: Number(cpu[1]) / 1000 / records };
      });
    },
    [Symbol.asyncDispose]: () => rounds[Symbol.asyncDispose](),
  };
}

/** Of a line such as `10 records sent, 9.5 records/sec (…), 0.3 ms avg latency, 7.00 ms max latency, 0 ms 50th, …`. */
function figuresOf(total: string): Omit<JavaRound, "clientCpu"> {
  const figure = (pattern: RegExp): number => {
    const text = pattern.exec(total)?.[1];
    if (text === undefined) throw new Error(`ProducerPerformance said: ${total}`);
    return Number(text);
  };
  return {
    perSecond: figure(/([\d.]+) records\/sec/),
    ms: {
      p50: figure(/([\d.]+) ms 50th/),
      p99: figure(/([\d.]+) ms 99th/),
      p999: figure(/([\d.]+) ms 99\.9th/),
      max: figure(/([\d.]+) ms max latency/),
    },
  };
}
