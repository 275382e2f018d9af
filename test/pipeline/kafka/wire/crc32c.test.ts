import fc from "fast-check";
import { expect, test } from "vitest";
import { crc32c } from "../../../../pipeline/kafka/wire/crc32c.ts";
import { slowCrc32c } from "./slow-batch.ts";

test("the checksum of '123456789' is the published one", () => {
  expect(crc32c(Buffer.from("123456789"), 0, 9)).toBe(0xe3069283);
});

test("a stretch of a buffer has the checksum of its own bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.nat(), fc.nat(), (bytes, a, b) => {
      const [start, end] = [a, b].map((each) => each % (bytes.length + 1)).sort((x, y) => x - y);
      expect(crc32c(bytes, start!, end!)).toBe(slowCrc32c(bytes.subarray(start, end)));
    }),
  );
});
