import { expect, test } from "vitest";
import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from "../../../pipeline/kafka/consumer-protocol.ts";

// int16 version, int32 count, then int16-sized names; Source: ConsumerProtocolSubscription.json.
test("a subscription is written as Kafka's consumers write theirs", () => {
  const expected = "0000" + "00000002" + "000161" + "00026262" + "ffffffff";
  expect(encodeSubscription(["a", "bb"]).toString("hex")).toBe(expected);
});

test("a subscription of a newer version is read as far as it is known", () => {
  const newer = Buffer.from("0003" + "00000001" + "000161" + "ffffffff" + "00000000ffff", "hex");
  expect(decodeSubscription(newer)).toEqual(["a"]);
});

// Source: ConsumerProtocolAssignment.json.
test("an assignment is written as Kafka's consumers write theirs, and read back", () => {
  const assignment = new Map([["a", [0, 258]]]);
  const encoded = encodeAssignment(assignment);
  const expected =
    "0000" + "00000001" + "000161" + "00000002" + "00000000" + "00000102" + "ffffffff";
  expect(encoded.toString("hex")).toBe(expected);
  expect(decodeAssignment(encoded)).toEqual(assignment);
});

test("no bytes at all assign nothing", () => {
  expect(decodeAssignment(Buffer.alloc(0))).toEqual(new Map());
});
