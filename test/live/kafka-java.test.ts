import { execFile } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cachedFolder } from "../../harness/stack/cache.ts";
import { homeOf } from "../../harness/stack/home.ts";
import { findJava } from "../../harness/stack/java.ts";
import type { Kafka } from "../../pipeline/kafka/port.ts";
import { type KafkaFixture, nobody } from "../pipeline/kafka/contract/contract-bench.ts";
import { draftOf } from "../pipeline/kafka/contract/contract-records.ts";
import { realKafka } from "./kafka-fixture.ts";
import { committedValues, produceBatches } from "./kafka-records.ts";
import { liveStack } from "./live-stack.ts";

const { bootstrap } = liveStack().kafka;
let fixture: KafkaFixture;
let kafka: Kafka;

beforeAll(async () => {
  fixture = await realKafka(bootstrap);
  kafka = await fixture.connect();
});
afterAll(async () => {
  await kafka.close();
  await fixture.close();
});

test("the Java consumer reads what the hot path wrote and committed, and nothing that it aborted", async () => {
  const topic = await fixture.createTopic(1);
  await produceBatches(bootstrap, topic, 0, [["plain 1", "plain 2"], ["plain 3"]]);
  const { signal } = new AbortController();
  const id = fixture.uniqueName("producer");
  const producer = await kafka.transactions.open(id, 10_000, signal);
  for (const end of ["commit", "abort", "commit"] as const) {
    await producer.send(topic, 0, draftOf(`${end} 1`, `${end} 2`));
    if (end === "commit") await producer.commit(nobody, []);
    else await producer.abort();
  }
  await producer.close();
  const committed = ["commit 1", "commit 2"];
  const expected = ["plain 1", "plain 2", "plain 3", ...committed, ...committed];
  const options = ["--isolation-level", "read_committed", "--property", "print.key=true"];
  const seen = await consume(topic, [...options, "--max-messages", String(expected.length)]);
  expect(seen).toEqual(expected.map((value) => `k\t${value}`));
  expect(await consume(topic, ["--max-messages", "9"])).toContain("abort 2");
});

test.each(["none", "gzip", "zstd"])(
  "the hot path reads what the Java producer wrote (%s)",
  async (codec) => {
    const topic = await fixture.createTopic(1);
    const lines = Array.from({ length: 200 }, (_, index) => `k\tline ${index}`);
    const options = [
      "--topic",
      topic,
      "--compression-codec",
      codec,
      "--property",
      "parse.key=true",
    ];
    await tool("org.apache.kafka.tools.ConsoleProducer", options, `${lines.join("\n")}\n`);
    const values = lines.map((line) => line.slice(2));
    expect(await committedValues(kafka, topic, 0, 200)).toEqual(values);
  },
);

/** Without a group id the tool makes one up and commits nothing. */
async function consume(topic: string, options: readonly string[]): Promise<readonly string[]> {
  const limits = ["--from-beginning", "--timeout-ms", "20000"];
  const args = ["--topic", topic, ...limits, ...options];
  const out = await tool("org.apache.kafka.tools.consumer.ConsoleConsumer", args, "");
  return out.split("\n").filter((line) => line !== "");
}

/** Runs one of Kafka's own console tools; what it printed. */
async function tool(main: string, args: readonly string[], input: string): Promise<string> {
  const { found: java } = await findJava(process.env);
  if (java === undefined) throw new Error("the live tests need a JDK 17");
  const classpath = join(cachedFolder(homeOf(process.env).cache, "kafka"), "*");
  const jvm = ["-XX:TieredStopAtLevel=1", "-Xmx128m", "-Dlog4j2.level=OFF", "-cp", classpath];
  const all = [...jvm, main, "--bootstrap-server", bootstrap, ...args];
  return new Promise((resolve, reject) => {
    const child = execFile(java.command, all, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${main} failed: ${stderr}`, { cause: error }));
    });
    child.stdin?.end(input);
  });
}
