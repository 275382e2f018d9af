/** What somebody, or a bug, might do to the data of a finished run behind everybody's back. One fault a function. */
import { Kafka, logLevel } from "kafkajs";
import { openCassandra } from "../../harness/observe/cassandra-client.ts";
import { openElasticsearch } from "../../harness/observe/elasticsearch-client.ts";
import type { StackAddresses } from "../../harness/stack/running-stack.ts";
import { type Aggregate, encodeAggregate } from "../../pipeline/contract/aggregate.ts";
import { runNames } from "../../pipeline/contract/names.ts";
import { emptyRawReading } from "../../pipeline/contract/reading.ts";
import { writeReadingAvro } from "../../pipeline/contract/reading-avro.ts";

/** A document as it lies in Elasticsearch: the sample job stores whole aggregates. */
export type Stored = { readonly index: string; readonly id: string; readonly aggregate: Aggregate };

/** The first `many` documents of the run, of that many windows. */
export async function storedDocuments(
  { elasticsearch }: StackAddresses,
  run: string,
  many: number,
): Promise<readonly Stored[]> {
  const client = openElasticsearch(elasticsearch.node);
  const { indices } = runNames(run);
  const found = await client.search<Aggregate>({ index: indices, size: many, sort: ["_doc"] });
  await client.close();
  return found.hits.hits.map(({ _index: index, _id: id, _source: aggregate }) => {
    if (id === undefined || aggregate === undefined) throw new Error("a hit without a document");
    return { index, id, aggregate };
  });
}

export async function deleteDocument({ elasticsearch }: StackAddresses, { index, id }: Stored) {
  const client = openElasticsearch(elasticsearch.node);
  await client.delete({ index, id });
  await client.close();
}

/** Into the index of that day, `yyyy.MM.dd`; returns its name. */
export async function copyDocument(
  { elasticsearch }: StackAddresses,
  run: string,
  { id, aggregate }: Stored,
  day: string,
): Promise<string> {
  const client = openElasticsearch(elasticsearch.node);
  const index = `${runNames(run).indexBase}${day}`;
  await client.index({ index, id, document: aggregate });
  await client.close();
  return index;
}

/** One cell of the row of that window, a plain UPDATE: its write time, now, is after those of the rows. */
export async function changeSum(
  { cassandra }: StackAddresses,
  run: string,
  { aggregate: { device, window, temperature } }: Stored,
) {
  const client = openCassandra(cassandra);
  await client.connect();
  const { keyspace, table } = runNames(run);
  const update = `UPDATE ${keyspace}.${table} SET sum = ? WHERE device = ? AND day = ? AND start = ?`;
  const sum = temperature.sum + 1;
  await client.execute(update, [sum, device.id, window.day, window.start], { prepare: true });
  await client.shutdown();
}

type Place = { readonly partition: number; readonly offset: number };

/** Where it came to lie: the partition of its key. */
export async function produceRecord(
  { kafka }: StackAddresses,
  topic: string,
  key: string,
  value: Uint8Array,
): Promise<Place> {
  const client = new Kafka({ brokers: [kafka.bootstrap], logLevel: logLevel.NOTHING });
  const producer = client.producer();
  await producer.connect();
  const messages = [{ key, value: Buffer.from(value) }];
  const [sent] = await producer.send({ topic, messages });
  await producer.disconnect();
  return { partition: sent!.partition, offset: Number(sent!.baseOffset) };
}

/** One reading more than there was, in a record that agrees with itself. */
export function oneMore(aggregate: Aggregate): Uint8Array {
  const { temperature, window } = aggregate;
  const count = aggregate.count + 1;
  const sum = temperature.sum + 2_000;
  return encodeAggregate({
    ...aggregate,
    count,
    temperature: { ...temperature, sum, mean: sum / count / 100 },
    revision: count,
    version: window.end * 1000 + count,
  });
}

export function readingOf(device: string, boot: number, seq: number, at: number): Uint8Array {
  const id = Buffer.from(device);
  const reading = {
    ...emptyRawReading(),
    idBytes: id,
    idStart: 0,
    idEnd: id.length,
    boot,
    seq,
    at,
  };
  const bytes = new Uint8Array(400);
  return bytes.slice(0, writeReadingAvro(bytes, 0, reading));
}

/** What retention does: the topic's first records are gone. */
export async function cutTopic({ kafka }: StackAddresses, topic: string, partition: number) {
  const client = new Kafka({ brokers: [kafka.bootstrap], logLevel: logLevel.NOTHING });
  const admin = client.admin();
  await admin.connect();
  await admin.fetchTopicOffsets(topic); // It deletes records of topics only that it has heard of.
  await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: "1" }] });
  await admin.disconnect();
}
