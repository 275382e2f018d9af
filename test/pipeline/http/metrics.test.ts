import fc from "fast-check";
import { expect, test } from "vitest";
import { createMetrics, type Metric, type Sample } from "../../../pipeline/http/metrics.ts";
import { parseMetrics } from "./parse-metrics.ts";

async function render(samples: readonly Sample[], type: Metric["type"] = "gauge") {
  const metric = { name: "m", help: "What m is.", type, labels: ["l"], collect: () => samples };
  return parseMetrics(await createMetrics([metric]).render());
}

test("whatever a label holds, it is read back as it was", async () => {
  const values = fc.uniqueArray(fc.string({ unit: "binary" }), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(values, fc.constantFrom("gauge", "counter"), async (labels, type) => {
      const samples = labels.map((l, value) => ({ labels: { l }, value }));
      const { value, types } = await render(samples, type);
      expect(types.get("m")).toBe(type);
      for (const sample of samples) expect(value("m", sample.labels)).toBe(sample.value);
    }),
  );
});

test("a value that is no number is left out, and the others are shown", async () => {
  const { value } = await render([
    { labels: { l: "a" }, value: Number.NaN },
    { labels: { l: "b" }, value: Number.POSITIVE_INFINITY },
    { labels: { l: "c" }, value: -1.5 },
  ]);
  expect(value("m", { l: "a" })).toBeUndefined();
  expect(value("m", { l: "b" })).toBeUndefined();
  expect(value("m", { l: "c" })).toBe(-1.5);
});

test("series beyond 2,000 of one metric are left out and counted", async () => {
  const samples = Array.from({ length: 2_003 }, (_, n) => ({ labels: { l: `${n}` }, value: n }));
  const { value } = await render(samples);
  expect(value("m", { l: "1999" })).toBe(1_999);
  expect(value("m", { l: "2000" })).toBeUndefined();
  expect(value("fleetproof_metrics_series_left_out", {})).toBe(3);
});

test("a series that is not collected any more is not shown any more", async () => {
  let samples: Sample[] = [{ labels: { l: "a" }, value: 1 }];
  const collect = (): Sample[] => samples;
  const metrics = createMetrics([{ name: "m", help: "M.", type: "gauge", labels: ["l"], collect }]);
  expect(parseMetrics(await metrics.render()).value("m", { l: "a" })).toBe(1);
  samples = [];
  expect(parseMetrics(await metrics.render()).value("m", { l: "a" })).toBeUndefined();
});

test("the process itself is shown when asked for", async () => {
  const text = await createMetrics([], { process: true }).render();
  expect(text).toMatch(/^process_cpu_seconds_total /m);
  expect(text).toMatch(/^nodejs_heap_size_used_bytes /m);
});
