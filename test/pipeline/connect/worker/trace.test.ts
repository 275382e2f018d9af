/** A trace tells what happened and why, in lines for people. */
import { expect, test } from "vitest";
import { traceOf } from "../../../../pipeline/connect/worker/trace.ts";
import { KafkaError } from "../../../../pipeline/kafka/port.ts";

test("every cause is a line, with its code", () => {
  const low = new KafkaError("unavailable", "nobody answers", { definite: true });
  const error = new Error("the batch was not stored", { cause: low });
  expect(traceOf(error, "Task 0 of job")).toBe(
    "Error: the batch was not stored\nCaused by: KafkaError (unavailable): nobody answers",
  );
});

test("who was fenced is told how to mend it", () => {
  const error = new KafkaError("fenced", "instance id taken", { definite: true });
  const [first] = traceOf(error, "Task 0 of job").split("\n");
  expect(first).toMatch(/^Task 0 of job was fenced: another worker has taken its slot\. Give each/);
});

test("what is thrown may be anything, and causes may go in a circle", () => {
  const error: Error & { cause?: unknown } = new Error("round");
  error.cause = error;
  expect(traceOf(error, "it").split("\n")).toHaveLength(8);
  expect(traceOf("words", "it")).toBe("words");
  expect(traceOf(new Error("x".repeat(100_000)), "it").length).toBeLessThan(20_000);
});
