import { expect, test } from "vitest";
import { leaderMoved } from "../../../../pipeline/kafka/wire/error-codes.ts";
import { classifyProduceError } from "../../../../pipeline/kafka/wire/produce.ts";

test.each([
  ["NONE", 0, "acked"],
  ["DUPLICATE_SEQUENCE_NUMBER", 46, "duplicate"],
  ["LEADER_NOT_AVAILABLE", 5, "retriable"],
  ["NOT_ENOUGH_REPLICAS", 19, "retriable"],
  // The broker has appended it, and no longer leads the partition when it could say so.
  ["UNKNOWN_TOPIC_OR_PARTITION", 3, "unknown"],
  ["NOT_LEADER_OR_FOLLOWER", 6, "unknown"],
  ["KAFKA_STORAGE_ERROR", 56, "unknown"],
  ["REQUEST_TIMED_OUT", 7, "unknown"],
  ["a broken connection", 13, "unknown"],
  ["NOT_ENOUGH_REPLICAS_AFTER_APPEND", 20, "unknown"],
  ["OUT_OF_ORDER_SEQUENCE_NUMBER", 45, "fatal"],
  ["INVALID_PRODUCER_EPOCH", 47, "fatal"],
  ["UNKNOWN_PRODUCER_ID", 59, "fatal"],
  ["PRODUCER_FENCED", 90, "fatal"],
  ["MESSAGE_TOO_LARGE", 10, "definite"],
  ["INVALID_TIMESTAMP", 32, "definite"],
  ["INVALID_RECORD", 87, "definite"],
])("a batch answered with %s (%i) is %s", (_name, code, outcome) => {
  expect(classifyProduceError(code)).toBe(outcome);
});

test.each([3, 5, 6, 13, 74])("after error %i the leader is looked for again", (code) => {
  expect(leaderMoved(code)).toBe(true);
});

test.each([0, 1, 7, 45, 47])("after error %i it is not", (code) => {
  expect(leaderMoved(code)).toBe(false);
});
