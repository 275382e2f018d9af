import { expect, test } from "vitest";
import { fromWire, refusedBy } from "../../../pipeline/kafka/kafka-error.ts";
import { WireError } from "../../../pipeline/kafka/wire/wire-error.ts";

test.each([
  ["OFFSET_OUT_OF_RANGE", 1, "offset-out-of-range"],
  ["UNKNOWN_TOPIC_OR_PARTITION", 3, "unknown-topic"],
  ["ILLEGAL_GENERATION", 22, "illegal-generation"],
  ["UNKNOWN_MEMBER_ID", 25, "membership-lost"],
  ["FENCED_INSTANCE_ID", 82, "membership-lost"],
  ["REBALANCE_IN_PROGRESS", 27, "rebalance"],
  ["TOPIC_AUTHORIZATION_FAILED", 29, "unauthorized"],
  ["INVALID_PRODUCER_EPOCH", 47, "fenced"],
  ["PRODUCER_FENCED", 90, "fenced"],
  ["MESSAGE_TOO_LARGE", 10, "refused"],
])("%s (%i) is definite and means %s", (name, code, meaning) => {
  const error = refusedBy(code, "commit of g");
  expect(error).toMatchObject({ code: meaning, definite: true, message: `commit of g: ${name}` });
});

test("a connection that broke leaves the outcome open; one that never was does not", () => {
  const broke = fromWire(new WireError("disconnected", "gone"), "commit");
  const never = fromWire(new WireError("unreachable", "nobody"), "commit");
  expect(broke).toMatchObject({ code: "unavailable", definite: false });
  expect(never).toMatchObject({ code: "unavailable", definite: true });
});

test("the reason of an abort and a bug pass as they are", () => {
  const reason = new Error("enough");
  expect(fromWire(reason, "fetch")).toBe(reason);
});
