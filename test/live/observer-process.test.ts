import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Admin } from "@platformatic/kafka";
import { expect, onTestFinished, test } from "vitest";
import { judge } from "../../harness/checks/judge.ts";
import { oneBucket } from "../../harness/facts/buckets.ts";
import { readRunFacts, type WholeFacts, writeRunRecord } from "../../harness/facts/run-facts.ts";
import { rowOf } from "../../harness/facts/table.ts";
import type {
  FromObserver,
  ObserverConfig,
  ToObserver,
} from "../../harness/observe/start-observer-protocol.ts";
import { type Aggregate, encodeAggregate } from "../../pipeline/contract/aggregate.ts";
import { openTransactions } from "../../pipeline/kafka/transactions.ts";
import { createBatchWriter, type RecordHeader } from "../../pipeline/kafka/wire/batch-writer.ts";
import { connectBroker } from "../../pipeline/kafka/wire/broker.ts";
import { produce } from "../../pipeline/kafka/wire/produce.ts";
import { stampBatch } from "../../pipeline/kafka/wire/stamp-batch.ts";
import { systemClock } from "../../simulator/clock.ts";
import {
  factsOf,
  honestHistory,
  loadEnd,
  options,
  type Published,
  span,
} from "../harness/checks/history.ts";
import type { RawRecord } from "../harness/expected/brute-force.ts";
import { writeStores } from "../harness/facts/write-stores.ts";
import { nobody } from "../pipeline/kafka/contract/contract-bench.ts";
import { plainStamp } from "../pipeline/kafka/wire/plain-stamp.ts";
import { liveStack } from "./live-stack.ts";

const [{ aggregate: known }] = honestHistory.published as [Published];
const phantom: Aggregate = { ...known, device: { ...known.device, id: "t-phantom" } };

type Sent = RawRecord & { readonly headers?: readonly RecordHeader[] };

async function threeTopics(bootstrap: string) {
  const name = `observer-test-${process.pid}-${Math.floor(systemClock.now())}`;
  const topics = { raw: `${name}.raw`, aggregated: `${name}.agg`, rejected: `${name}.rej` };
  const admin = new Admin({ clientId: name, bootstrapBrokers: [bootstrap] });
  const all = Object.values(topics);
  await admin.createTopics({ topics: all, partitions: options.partitions, replicas: 1 });
  onTestFinished(async () => {
    await admin.deleteTopics({ topics: all });
    await admin.close();
  });
  const broker = await connectBroker({ bootstrap, clientId: name, clock: systemClock });
  onTestFinished(() => broker.close());
  const write = async (topic: string, partition: number, records: readonly Sent[]) => {
    const writer = createBatchWriter(1024);
    for (const { key, value, headers = [] } of records) {
      writer.append(key, 0, key?.length ?? 0, value, 0, value?.length ?? 0, headers);
    }
    if (writer.count === 0) return;
    const bytes = stampBatch(writer.draft(), { ...plainStamp, timestamp: systemClock.now() });
    const [result] = await produce(broker, {
      topic,
      batches: [{ partition, bytes }],
      timeoutMs: 9000,
    });
    expect(result).toMatchObject({ errorCode: 0 });
  };
  const { open } = openTransactions(broker);
  const producer = await open(name, 15_000, new AbortController().signal);
  onTestFinished(() => producer.close());
  /** Into one partition of the aggregated topic, within the open transaction. */
  const publish = (partition: number, aggregates: readonly Aggregate[]) => {
    const writer = createBatchWriter(1024);
    for (const aggregate of aggregates) {
      const [key, value] = [Buffer.from(aggregate.device.id), encodeAggregate(aggregate)];
      writer.append(key, 0, key.length, value, 0, value.length);
    }
    return producer.send(topics.aggregated, partition, writer.draft());
  };
  return { topics, write, producer, publish };
}

/** The observer as the run sees it. */
function startObserver(config: ObserverConfig) {
  const file = join(config.folder, "observer.json");
  writeFileSync(file, JSON.stringify(config));
  const entry = new URL("../../harness/observe/start-observer.ts", import.meta.url);
  const child = fork(entry, [file], { execArgv: [] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const heard: FromObserver[] = [];
  child.on("message", (message: FromObserver) => heard.push(message));
  const exited = once(child, "exit");
  return {
    heard,
    exited,
    tell: (message: ToObserver) => child.send(message),
    ready: async () => {
      while (!heard.some(({ type }) => type === "ready")) await once(child, "message");
    },
  };
}

test("the observer reads the topics while they flow, and its facts lead to the verdict", async () => {
  const { bootstrap } = liveStack().kafka;
  const { topics, write, producer, publish } = await threeTopics(bootstrap);
  const folder = mkdtempSync(join(tmpdir(), "fleetproof-observer-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const observer = startObserver({
    bootstrap,
    plan: options,
    span,
    digestKey: [0, 0],
    topics,
    folder,
  });
  await observer.ready();
  const half = honestHistory.log.map((log) => Math.floor(log.length / 2));
  for (const [p, log] of honestHistory.log.entries())
    await write(topics.raw, p, log.slice(0, half[p]));
  for (const [p, log] of honestHistory.log.entries())
    await write(topics.raw, p, log.slice(half[p]));
  for (const partition of [0, 1]) {
    const mine = honestHistory.published.filter((each) => each.partition === partition);
    await publish(
      partition,
      mine.map(({ aggregate }) => aggregate),
    );
  }
  await producer.commit(nobody, []);
  await publish(1, [phantom]);
  await producer.abort();
  for (const { partition, offset, reason, record } of honestHistory.refused) {
    const texts = {
      reason,
      "source.topic": topics.raw,
      "source.partition": `${partition}`,
      "source.offset": `${offset}`,
    };
    const headers = Object.entries(texts).map(([key, text]) => ({ key, value: Buffer.from(text) }));
    await write(topics.rejected, partition, [{ ...record, headers }]);
  }
  // The closing readings are in the log already: the observer has held them until now.
  observer.tell({ type: "cut", atEventMs: loadEnd });
  observer.tell({ type: "finish", withinMs: 20_000 });
  expect(await observer.exited).toEqual([0, null]);
  expect(observer.heard.at(-1)).toEqual({ type: "done", reachedEnd: true });
  const seen = observer.heard.flatMap((each) =>
    each.type === "progress" ? each.firstRevisions : [],
  );
  const stretches = [...honestHistory.transactions, { partition: 1, outcome: 1 }];
  const honest = factsOf({ ...honestHistory, transactions: stretches });
  const windows = seen.reduce((sum, { count }) => sum + count, 0);
  expect(windows).toBe(honestHistory.elasticsearch.length);

  await writeRunRecord(folder, { ...honest.record, topics });
  await writeStores(folder, honest.stores, oneBucket);
  writeFileSync(
    join(folder, "acks-0.ndjson"),
    honest.acks.map((range) => `${JSON.stringify(range)}\n`).join(""),
  );
  const facts = await readRunFacts(folder);
  expect(transactionsOf(facts.whole)).toEqual({
    // One committed in both partitions, then an aborted one, all of one producer and epoch.
    rows: [
      { partition: 0, epoch: 0, markerEpoch: 0, outcome: 0 },
      { partition: 1, epoch: 0, markerEpoch: 0, outcome: 0 },
      { partition: 1, epoch: 0, markerEpoch: 0, outcome: 1 },
    ],
    aborted: [phantom.device.id],
  });
  // Nobody looks at revisions here.
  const { seen: _, ...whole } = facts.whole;
  const judgement = judge({ ...facts, whole });
  expect(judgement.findings).toEqual([]);
  expect(judgement.verdict).toBe("PASS");
  expect(judgement.results).toEqual(judge(honest).results);
});

function transactionsOf({ topics }: WholeFacts) {
  const { transactions } = topics;
  if (transactions === undefined || transactions === "not-kept") return undefined;
  const { table, aborted } = transactions;
  const rows = Array.from({ length: table.length }, (_, row) => {
    const { partition, epoch, markerEpoch, outcome } = rowOf(table, row);
    return { partition, epoch, markerEpoch, outcome };
  });
  rows.sort((a, b) => a.outcome - b.outcome || a.partition - b.partition);
  return { rows, aborted: [...aborted.deviceTexts.values()] };
}

test("without its parent the observer ends", async () => {
  const { bootstrap } = liveStack().kafka;
  const { topics } = await threeTopics(bootstrap);
  const folder = mkdtempSync(join(tmpdir(), "fleetproof-observer-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "observer.json");
  const config = { bootstrap, plan: options, span, digestKey: [0, 0], topics, folder };
  writeFileSync(file, JSON.stringify(config));
  const entry = new URL("../../harness/observe/start-observer.ts", import.meta.url);
  const child = fork(entry, [file], { execArgv: [] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const exited = once(child, "exit");
  await once(child, "message");
  child.disconnect();
  expect(await exited).toEqual([1, null]);
});
