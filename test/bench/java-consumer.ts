/** Kafka's own ConsumerPerformance beside the audit: one JVM for all rounds (`test/peers/consumer-rounds.java`). */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { OwnKafka } from "./own-kafka.ts";

export type JavaConsumer = AsyncDisposable & {
  /** Reads so many records from the topic's beginning, as a group that is new, and counts them. */
  readonly consume: (
    topic: string,
    records: number,
  ) => Promise<{ readonly perSecond: number; readonly clientCpu: number }>;
};

const source = fileURLToPath(new URL("../peers/consumer-rounds.java", import.meta.url));

/** It ends before its time only when no record comes for so long. */
const patienceMs = 30_000;

/** Times from when its group has its partitions: joining a group is not what is measured. */
export function startJavaConsumer({ bootstrap, java, files, signal }: OwnKafka): JavaConsumer {
  const jvm = ["-Xmx512m", "-Dlog4j2.level=OFF", "-cp", join(files, "*")];
  const child = spawn(java.command, [...jvm, source], {
    stdio: ["pipe", "pipe", "inherit"],
    signal,
  });
  child.on("error", () => undefined); // Ended with the benchmark; its output ends then, too.
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async consume(topic, records) {
      const args = [
        ...["--bootstrap-server", bootstrap, "--topic", topic, "--messages", `${records}`],
        ...["--group", `bench-${randomBytes(4).toString("hex")}`, "--timeout", `${patienceMs}`],
        "--hide-header",
      ];
      child.stdin.write(`${args.join("\t")}\n`);
      let figures = "";
      for (;;) {
        const { value, done } = await lines.next();
        if (done) throw new Error(`ConsumerPerformance ended after: ${figures}`);
        const cpu = /^cpu nanoseconds: (\d+)$/.exec(value);
        if (cpu === null) {
          figures = value;
          continue;
        }
        return { perSecond: rateOf(figures, records), clientCpu: Number(cpu[1]) / 1000 / records };
      }
    },
    async [Symbol.asyncDispose]() {
      const exited = once(child, "exit");
      child.stdin.end();
      await exited;
    },
  };
}

/** Its line: start, end, MB, MB/s, records, records/s, ms of rebalance, ms of fetching, MB/s, records/s of that. */
function rateOf(line: string, records: number): number {
  const fields = line.split(",").map((field) => field.trim());
  const [read, rate] = [Number(fields[4]), Number(fields[9])];
  if (!(read >= records && rate > 0)) throw new Error(`ConsumerPerformance said: ${line}`);
  return rate;
}
