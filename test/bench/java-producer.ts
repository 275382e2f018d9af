/** Kafka's own ProducerPerformance beside the hot path: one JVM for all rounds (`test/peers/producer-rounds.java`). */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { OwnKafka } from "./own-kafka.ts";

export type JavaProducer = AsyncDisposable & {
  /** `properties`: of the producer, `key=value`. */
  readonly produce: (
    topic: string,
    records: number,
    properties: readonly string[],
  ) => Promise<{ readonly perSecond: number; readonly clientCpu: number }>;
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
  const child = spawn(java.command, [...jvm, source], {
    stdio: ["pipe", "pipe", "inherit"],
    signal,
  });
  child.on("error", () => undefined); // Ended with the benchmark; its output ends then, too.
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async produce(topic, records, properties) {
      const args = [
        ...["--topic", topic, "--num-records", `${records}`, "--throughput", "-1"],
        ...["--payload-file", payload, "--producer-props", `bootstrap.servers=${bootstrap}`],
        ...["acks=all", "enable.idempotence=true", ...properties],
      ];
      child.stdin.write(`${args.join("\t")}\n`);
      let total = "";
      for (;;) {
        const { value, done } = await lines.next();
        if (done) throw new Error(`ProducerPerformance ended after: ${total}`);
        const cpu = /^cpu nanoseconds: (\d+)$/.exec(value);
        if (cpu !== null) {
          const perSecond = Number(/([\d.]+) records\/sec/.exec(total)?.[1]);
          if (!(perSecond > 0)) throw new Error(`ProducerPerformance said: ${total}`);
          return { perSecond, clientCpu: Number(cpu[1]) / 1000 / records };
        }
        // Before the last of these, which is the whole, come some of five seconds each.
        if (value.startsWith(`${records} records sent`)) total = value;
      }
    },
    async [Symbol.asyncDispose]() {
      const exited = once(child, "exit");
      child.stdin.end();
      await exited;
    },
  };
}
