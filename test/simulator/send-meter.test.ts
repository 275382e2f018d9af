import { decodeFromCompressedBase64 } from "hdr-histogram-js";
import { expect, test } from "vitest";
import { createSendMeter } from "../../simulator/send-meter.ts";

test("latencies count from the intended time, in milliseconds, and travel as a histogram of µs", () => {
  const meter = createSendMeter(1_000);
  for (let i = 1; i <= 1_000; i++) meter.record(1_000 + i, 1_000 + i + i / 100, 1_000 + i + i / 10);
  const { sendLag, publish, sent, acked, firstSentAtMs, lastSentAtMs } = meter.result();
  expect([sent, acked]).toEqual([1_000, 1_000]);
  expect(sendLag.ms.p50).toBeCloseTo(5, 1);
  expect(sendLag.ms.p99).toBeCloseTo(9.9, 1);
  expect(publish.ms.p99).toBeCloseTo(99, 0);
  expect([firstSentAtMs, lastSentAtMs]).toEqual([1_001.01, 2_010]);
  const decoded = decodeFromCompressedBase64(publish.base64);
  expect(decoded.totalCount).toBe(1_000);
  expect(decoded.getValueAtPercentile(50)).toBeCloseTo(50_000, -2);
});

test("the warm-up is not measured, an unacked reading has a send lag but no publish latency", () => {
  const meter = createSendMeter(1_000);
  meter.record(999.9, 1_500, 1_501);
  meter.record(1_000, 1_002, Number.NaN);
  const { sendLag, publish } = meter.result();
  expect(sendLag.ms.count).toBe(1);
  expect(sendLag.ms.max).toBeCloseTo(2, 2);
  expect(publish.ms).toEqual({
    p50: 0,
    p90: 0,
    p99: 0,
    p999: 0,
    p9999: 0,
    p99999: 0,
    max: 0,
    count: 0,
  });
});

test("readings that were alike count one by one; the answer counts from leaving", () => {
  const meter = createSendMeter(1_000);
  meter.record(999, 1_020, 1_021, 7);
  meter.record(1_010, 1_020, 1_023, 60);
  meter.record(1_016, 1_020, 1_023, 39);
  meter.record(1_016, 1_020, Number.NaN, 2);
  const { sendLag, publish, answer, sent, acked } = meter.result();
  expect([sent, acked, answer.ms.count]).toEqual([101, 99, 99]);
  expect([sendLag.ms.p50, sendLag.ms.p99, sendLag.ms.max]).toEqual([10, 10, 10].map(near));
  expect([publish.ms.p50, publish.ms.p90]).toEqual([13, 13].map(near));
  expect([answer.ms.p50, answer.ms.max]).toEqual([3, 3].map(near));
  const next = createSendMeter(1_000, { sends: past(101, 99), state: meter.state() });
  expect(next.result().answer).toEqual(answer);
});

test("nothing measured has no first and last send", () => {
  const result = createSendMeter(1_000).result();
  expect(result).not.toHaveProperty("firstSentAtMs");
  expect(result.sent).toBe(0);
});

test("the recent lag is that since the last call, the warm-up's included", () => {
  const meter = createSendMeter(1_000);
  meter.record(10, 30, 31);
  expect(meter.recentLagMs()).toBeCloseTo(20, 0);
  expect(meter.recentLagMs()).toBe(0);
  meter.record(2_000, 2_005, 2_006);
  expect(meter.recentLagMs()).toBeCloseTo(5, 0);
});

/** Three digits of a histogram. */
const near = (ms: number): unknown => expect.closeTo(ms, 1);

const past = (sent: number, acked: number) => ({
  sent,
  acked,
  firstIntendedAtMs: 1_010,
  lastIntendedAtMs: 1_016,
});
