import { expect, test } from "vitest";
import {
  packedWindowBytes,
  packState,
  unpackState,
} from "../../../pipeline/aggregator/checkpoint-packing.ts";
import { writeState } from "../../../pipeline/aggregator/checkpoint-state.ts";
import { foldUnderTest, smallWindows } from "./folded.ts";

const many = 20_000;

test("a state comes back as it was, and takes no more than a window is reckoned to", () => {
  const { state, readings } = foldUnderTest({ ...smallWindows, span: 256 });
  const devices = Array.from({ length: many }, (_, nth) => `t-${String(nth * 8).padStart(7, "0")}`);
  const home = (nth: number): string => `h-${String(nth).padStart(7, "0")}`;
  for (let seq = 0; seq < 5; seq++) {
    readings(devices.map((device, nth) => ({ device, seq, at: seq * 10, home: home(nth) })));
  }
  const bytes = writeState(state);
  const packed = packState(bytes);
  expect(unpackState(packed).equals(bytes)).toBe(true);
  expect(packed.equals(packState(Buffer.from(bytes)))).toBe(true);
  expect(state.windows.size).toBe(many);
  expect(packed.length / many).toBeLessThan(1.5 * packedWindowBytes);
});

test("bytes that are no packed state stop the job with a sentence", () => {
  const refused = expect.objectContaining({ code: "checkpoint" });
  expect(() => unpackState(Buffer.from("not packed"))).toThrow(refused);
  const cut = packState(Buffer.alloc(10_000, "state")).subarray(0, -3);
  expect(() => unpackState(cut)).toThrow(refused);
});
