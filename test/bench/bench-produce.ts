/**
 * Producing on a Kafka of its own, acks=all, idempotent, eight partitions, no compression. First as fast as it goes: the
 * hot path beside Kafka's own producer (as it is, and with the best settings of a sweep that is printed), kafkajs and the
 * library's own producer, each in a process of its own. Then the simulator's worker at the pace of ten billion readings
 * a day beside Kafka's own producer at the same: what each costs, and how long answers take.
 *   npm run bench:produce [-- [--part saturated|paced] [--rounds N] [--seconds N] [--json] [--compare OLD.json]]
 * --part: only that half. --seconds: of a paced round, 20.
 */

import { readFileSync } from "node:fs";
import { artifacts } from "../../harness/stack/artifacts.ts";
import { systemClock as clock } from "../../simulator/clock.ts";
import { commandLine, refuse, wholeNumber } from "./command-line.ts";
import { startJavaProducer } from "./java-producer.ts";
import { withOwnKafka } from "./own-kafka.ts";
import { measurePaced } from "./paced-producing.ts";
import { benchOptions, reportBench, reportingOf } from "./report-bench.ts";
import { measureSaturated } from "./saturated-producing.ts";

const target = { partitions: 8, recordBytes: 32 };
const values = commandLine(import.meta.filename, {
  ...benchOptions,
  part: { type: "string", default: "both" },
  seconds: { type: "string", default: "20" },
});
const { part } = values;
if (part !== "both" && part !== "saturated" && part !== "paced") {
  refuse(`--part ${part}: take saturated or paced, or leave it out`);
}
const seconds = wholeNumber("seconds", values.seconds, 1, 3_600);
const reporting = reportingOf(values);
const { dependencies } = JSON.parse(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
) as { readonly dependencies: Readonly<Record<string, string>> };

await withOwnKafka(async (kafka) => {
  await using java = await startJavaProducer(kafka, target.recordBytes);
  const { rounds } = reporting;
  const parts = [
    part === "paced" ? undefined : await measureSaturated(kafka, java, target, rounds),
    part === "saturated" ? undefined : await measurePaced(kafka, java, target, { rounds, seconds }),
  ].filter((each) => each !== undefined);
  const versions = {
    "Kafka (one broker)": artifacts.kafka.version,
    Java: kafka.java.version,
    kafkajs: dependencies["kafkajs"]!,
    "@platformatic/kafka": dependencies["@platformatic/kafka"]!,
  };
  const rows = parts.flatMap((each) => each.rows);
  const notes = parts.flatMap((each) => each.notes);
  reportBench({ bench: "produce", versions, rows, notes }, reporting, clock.now());
});
