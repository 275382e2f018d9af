/**
 * One round of the audit of a raw topic on a real Kafka, from its first fetch to its facts on disk: the observer's own
 * readers and audit (`openObservation`), as `fleetproof run` and `fleetproof verify` have them.
 */
import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { missingSpec } from "../../harness/facts/audit-facts.ts";
import { readAuditJson } from "../../harness/facts/audit-files.ts";
import { readTable } from "../../harness/facts/table-file.ts";
import { openObservation } from "../../harness/observe/start-observer-readers.ts";
import { createTopicReader } from "../../harness/observe/topic-reader.ts";
import { connectBroker } from "../../pipeline/kafka/wire/broker.ts";
import { systemClock as clock } from "../../simulator/clock.ts";
import { closingReadings } from "../../simulator/closing.ts";
import { countSends } from "../../simulator/count-plan.ts";
import { createPartitionWalk } from "../../simulator/partition-walk.ts";
import { createPlan, type Plan, type PlannedReading } from "../../simulator/plan.ts";
import type { Fleet } from "../prove/fleet-of.ts";
import { produceHot } from "./hot-producing.ts";
import type { OwnKafka } from "./own-kafka.ts";
import type { Round } from "./rounds.ts";

export type FilledTopic = {
  readonly raw: string;
  /** Empty ones: the observer reads them, too. */
  readonly aggregated: string;
  readonly rejected: string;
  /** In the raw one. */
  readonly records: number;
};

/** Sends all that the plan has, as the simulator does: the load, then the closing readings. Returns how many. */
export async function fillRawTopic(
  { bootstrap }: OwnKafka,
  topic: string,
  fleet: Fleet,
): Promise<number> {
  const plan = createPlan(fleet.plan);
  const { partitions, startAt, loadMs } = plan.options;
  const walks = Array.from({ length: partitions }, (_, p) => createPartitionWalk(plan, p));
  const closing = walks.map((_, p) => [...closingReadings(plan, p, startAt + loadMs)]);
  const records = countSends(plan).sends + closing.reduce((sum, { length }) => sum + length, 0);
  const value = new Uint8Array(plan.encodedMaxBytes);
  const round = { bootstrap, topic, partitions, records };
  await produceHot(round, (producer, partition, most) => {
    const append = (reading: PlannedReading): void => {
      const end = plan.encode(reading, value, 0);
      const { idBytes, idStart, idEnd } = reading;
      producer.append(partition, idBytes, idStart, idEnd, value, 0, end);
    };
    const sent = walks[partition]!.advance(Number.POSITIVE_INFINITY, append, most);
    if (sent === most) return sent;
    const last = closing[partition]!.splice(0, most - sent);
    for (const reading of last) append(reading);
    return sent + last.length;
  });
  return records;
}

/** Fetched, checked by its checksum, taken apart record by record, and counted: no plan, no ledger. */
export async function readTopic(kafka: OwnKafka, topics: FilledTopic, plan: Plan): Promise<Round> {
  const { bootstrap, signal } = kafka;
  const broker = await connectBroker({ bootstrap, clientId: "fleetproof-bench", clock });
  let records = 0;
  try {
    const reader = createTopicReader({
      broker,
      topic: topics.raw,
      partitions: plan.options.partitions,
      minBytes: 1,
      visit: () => {
        records += 1;
      },
    });
    await reader.finish();
    const round = await timed(kafka, topics.records, () => reader.run(signal));
    if (records !== topics.records) throw new Error(`${records} of ${topics.records} were read`);
    return round;
  } finally {
    await broker.close();
  }
}

/** Every reading held against the plan and folded by the oracle; every row in its file. */
export async function auditTopic(
  kafka: OwnKafka,
  topics: FilledTopic,
  fleet: Fleet,
): Promise<Round> {
  const { bootstrap, signal } = kafka;
  const folder = join(kafka.folder, `audit-${randomBytes(4).toString("hex")}`);
  await mkdir(folder);
  const { plan, span } = fleet;
  const config = { bootstrap, plan, span, digestKey: [0, 0], topics, folder } as const;
  const observation = await openObservation(config, clock);
  try {
    const { raw, aggregated, rejected, audit } = observation;
    for (const reader of [raw, aggregated, rejected]) await reader.finish();
    audit.cut(plan.startAt + plan.loadMs);
    const round = await timed(kafka, topics.records, async () => {
      await raw.run(signal);
      if (!(await observation.write())) throw new Error("the audit did not reach the end");
    });
    await requireRight(folder, topics.records);
    return round;
  } finally {
    await observation.close();
  }
}

async function timed(
  { cpuSeconds }: OwnKafka,
  records: number,
  act: () => Promise<void>,
): Promise<Round> {
  const broker = cpuSeconds();
  const cpu = process.cpuUsage();
  const from = clock.monotonicMs();
  await act();
  const seconds = (clock.monotonicMs() - from) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return {
    perSecond: records / seconds,
    clientCpu: (user + system) / records,
    brokerCpu: ((cpuSeconds() - broker) * 1e6) / records,
  };
}

/** The audit has found every send, and nothing else. */
async function requireRight(folder: string, records: number): Promise<void> {
  const { partitions, findings } = await readAuditJson(folder);
  const missing = await readTable(join(folder, "missing.rows"), missingSpec);
  const matched = partitions.reduce((sum, each) => sum + each.matched, 0);
  const unplanned = partitions.reduce((sum, each) => sum + each.rejectedUnplanned, 0);
  const isRight = matched === records && missing.length === 0 && findings.length === 0;
  if (isRight && unplanned === 0) return;
  const found = `${missing.length} missing, ${findings.length} findings, ${unplanned} unplanned`;
  throw new Error(`the audit found ${matched} of ${records} sends, ${found}`);
}
