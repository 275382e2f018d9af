import { expect, test } from "vitest";
import { cassandra } from "../../harness/stack/cassandra.ts";
import { elasticsearch } from "../../harness/stack/elasticsearch.ts";
import { kafka } from "../../harness/stack/kafka.ts";
import { liveStack } from "./live-stack.ts";

test("the servers that the live tests share answer each at its own port", async () => {
  const stack = liveStack();
  await kafka.probe(stack.kafka);
  await elasticsearch.probe(stack.elasticsearch);
  await cassandra.probe(stack.cassandra);
  const { hostname, port } = new URL(stack.elasticsearch.node);
  expect(new Set([stack.kafka.bootstrap, `${hostname}:${port}`, stack.cassandra.port]).size).toBe(
    3,
  );
});
