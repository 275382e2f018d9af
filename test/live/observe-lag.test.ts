import { Admin } from "@platformatic/kafka";
import { Kafka, logLevel } from "kafkajs";
import { expect, test } from "vitest";
import { readGroupLag } from "../../harness/observe/lag.ts";
import { liveStack } from "./live-stack.ts";
import { uniqueRun } from "./observe-rows.ts";

test("lag is what is readable and not committed; an open transaction keeps a group from being drained", async () => {
  const run = uniqueRun();
  const name = `${run}.lag`;
  const group = `${run}-group`;
  const { bootstrap } = liveStack().kafka;
  const admin = new Admin({ clientId: run, bootstrapBrokers: [bootstrap] });
  const kafka = new Kafka({ clientId: run, brokers: [bootstrap], logLevel: logLevel.NOTHING });
  const other = kafka.admin();
  const producer = kafka.producer({ transactionalId: `${run}-0`, idempotent: true });
  const lag = () => readGroupLag(admin, group, [{ name, partitions: 2 }]);
  await Promise.all([other.connect(), producer.connect()]);
  try {
    await other.createTopics({ topics: [{ topic: name, numPartitions: 2 }], waitForLeaders: true });
    expect(await lag()).toMatchObject({ lag: 0, drained: true });
    const messages = [
      { partition: 0, value: "a" },
      { partition: 0, value: "b" },
    ];
    const first = await producer.transaction();
    await first.send({ topic: name, messages });
    await first.commit();
    // Two records and the marker of their transaction.
    expect(await lag()).toMatchObject({ lag: 3, drained: false });
    await other.setOffsets({
      groupId: group,
      topic: name,
      partitions: [{ partition: 0, offset: "3" }],
    });
    expect(await lag()).toMatchObject({ lag: 0, drained: true });
    const second = await producer.transaction();
    await second.send({ topic: name, messages });
    expect(await lag()).toMatchObject({ lag: 0, drained: false });
    await second.abort();
    expect(await lag()).toMatchObject({ lag: 3, drained: false });
  } finally {
    await producer.disconnect();
    await other.deleteTopics({ topics: [name] });
    await other.deleteGroups([group]);
    await other.disconnect();
    await admin.close();
  }
});
