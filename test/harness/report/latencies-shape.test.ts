import { expect, test } from "vitest";
import { createLatencyHistogram } from "../../../harness/observe/histogram.ts";
import { latenciesText, parseLatencies } from "../../../harness/report/latencies-shape.ts";

test("histograms read back with the same percentiles; one without samples is left out", () => {
  const publish = createLatencyHistogram();
  for (let ms = 1; ms <= 1_000; ms++) publish.record(ms);
  const read = parseLatencies(latenciesText({ publish, aggregate: createLatencyHistogram() }));
  expect(read.damaged).toEqual([]);
  expect(Object.keys(read.histograms)).toEqual(["publish"]);
  expect(read.histograms["publish"]!.percentiles()).toEqual(publish.percentiles());
});

test("a histogram that is damaged is named, the others stand", () => {
  const publish = createLatencyHistogram();
  publish.record(1);
  const text = JSON.stringify({
    schema: 1,
    histograms: { publish: publish.toBase64(), aggregate: "HISTFAAA" },
  });
  const { histograms, damaged } = parseLatencies(text);
  expect(Object.keys(histograms)).toEqual(["publish"]);
  expect(damaged).toEqual(["aggregate"]);
});

test.each(["", "{", "[]", `{"schema":2,"histograms":{}}`])("no such file: %s", (text) => {
  expect(parseLatencies(text)).toEqual({ histograms: {}, damaged: ["all"] });
});
