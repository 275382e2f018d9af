/** `node producing-process.ts CLIENT`: a round for every line of standard input, its figures as a line of JSON. */
import "../../simulator/inline-more.ts";
import { createInterface } from "node:readline";
import {
  constant,
  produceHot,
  produceWithKafkajs,
  type RoundFigures,
  readings,
} from "./hot-producing.ts";
import type { JsClient, RoundLine } from "./js-producer.ts";
import { produceWithLibrary } from "./library-producing.ts";

const rounds = {
  "hot-readings": (round) => produceHot(round, readings(round.partitions, round.records)),
  "hot-records": (round) => produceHot(round, constant(round.recordBytes)),
  kafkajs: (round) => produceWithKafkajs(round, constant(round.recordBytes)),
  library: (round) => produceWithLibrary(round, round.recordBytes),
} as const satisfies Record<JsClient, (round: RoundLine) => Promise<RoundFigures>>;

const play = rounds[process.argv[2] as JsClient];
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await play(JSON.parse(line) as RoundLine)));
}
