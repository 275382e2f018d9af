import { expect, test } from "vitest";
import { reportPage } from "../../../../harness/report/html/page.ts";
import { noLatencies } from "../../../../harness/report/latencies-shape.ts";
import type { ReportRun } from "../../../../harness/report/report-run.ts";
import { noSeries } from "../../../../harness/report/series-shape.ts";
import { brokenOff, finished, hostileTexts, latenciesOf, seriesOf } from "../report-fixture.ts";
import { failed, own, passed, paused } from "../summary-fixture.ts";

const kill = { kind: "kill", target: "aggregator-0", atMs: 14_000, untilMs: 14_300 } as const;
const faulted = finished({ faults: [{ ...kill, effect: "SIGKILL", recoveredMs: 6_000 }] });

const everyKind: readonly (readonly [string, ReportRun])[] = [
  ["passed", finished()],
  ["failed", finished(failed)],
  ["with a fault", faulted],
  ["of five seconds", finished({}, 5)],
  ["without samples", { ...finished({ latencyMs: {} }), series: noSeries, latencies: noLatencies }],
  ["broken off", brokenOff],
  ["broken off before the load", { ...brokenOff, series: noSeries, scenarioText: undefined }],
];

/** Neither control characters nor marks that turn the direction of writing, nor what is no character. */
const harmlessCharacters =
  /^[\t\n\u0020-\u007e\u00a0-\u2027\u202f-\u2065\u206a-\ufffd\u{10000}-\u{10ffff}]*$/u;

/** Names of elements and attributes; texts are escaped, so a `<` always begins a tag. */
const tags = (page: string): readonly string[] => page.match(/<[^>]+>/g) ?? [];
const count = (page: string, text: string): number => page.split(text).length - 1;

test.each(everyKind)(
  "a page %s asks for nothing outside of its file, and runs nothing",
  (_, run) => {
    const page = reportPage(run);
    const names = tags(page).map((tag) => /^<\/?([a-z0-9]*)/i.exec(tag)?.[1]?.toLowerCase());
    for (const name of [
      "script",
      "img",
      "iframe",
      "object",
      "embed",
      "video",
      "audio",
      "source",
      "base",
      "form",
      "use",
      "image",
      "foreignobject",
    ]) {
      expect(names).not.toContain(name);
    }
    for (const tag of tags(page)) {
      expect(tag).not.toMatch(
        /\s(src|srcset|action|formaction|data|poster|ping|background|xlink:href|on\w+)\s*=/i,
      );
      const href = /\shref="([^"]*)"/.exec(tag)?.[1];
      if (href !== undefined)
        expect(href).toMatch(tag.startsWith("<link") ? /^data:,$/ : /^#[a-z]+$/);
      if (/\sstyle=/.test(tag)) expect(tag).toMatch(/\sstyle="(left|bottom):[\d.]+%"/);
    }
    const style = /<style>([\s\S]*)<\/style>/.exec(page)![1]!;
    expect(style).not.toMatch(/url\(|@import|@font-face|expression|image-set/i);
  },
);

test("its own policy forbids scripts and the network", () => {
  const [, policy] = /<meta http-equiv="Content-Security-Policy" content="([^"]+)">/.exec(
    reportPage(finished()),
  )!;
  expect(policy!.split("; ")).toEqual([
    "default-src &#39;none&#39;",
    "style-src &#39;unsafe-inline&#39;",
    "img-src data:",
    "base-uri &#39;none&#39;",
    "form-action &#39;none&#39;",
  ]);
});

test.each(everyKind)(
  "a page %s is well formed: every element is closed, ids are unique, links lead somewhere",
  (_, run) => {
    const page = reportPage(run);
    const open: string[] = [];
    for (const tag of tags(page.replace(/<style>[\s\S]*<\/style>/, ""))) {
      const [, end, name] = /^<(\/?)([a-z0-9]+)/i.exec(tag) ?? [];
      if (name === undefined || tag.endsWith("/>") || /^(meta|link)$/.test(name)) continue;
      if (end === "/") expect(open.pop()).toBe(name);
      else open.push(name);
    }
    expect(open).toEqual([]);
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(id);
    for (const [, id] of page.matchAll(/aria-labelledby="([^"]+)"/g)) expect(ids).toContain(id);
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/);
  },
);

test.each(everyKind)(
  "a page %s can be read without eyes: landmarks, headings, captions, spoken charts",
  (_, run) => {
    const page = reportPage(run);
    for (const once of ["<h1>", "<main>", "<header", "<footer>", 'lang="en"', 'name="viewport"']) {
      expect(count(page, once)).toBe(1);
    }
    expect(count(page, "<caption>")).toBe(count(page, "<table"));
    const plots = tags(page).filter((tag) => tag.includes('class="plot"'));
    for (const plot of plots) expect(plot).toMatch(/role="img" aria-label="[^"]{10,}"/);
    expect(count(page, "The figures of this chart")).toBe(plots.length);
    expect(count(page, "<figure") - count(page, "no samples")).toBe(plots.length);
  },
);

test("the verdict and the answer come first, then correctness, thresholds and findings", () => {
  const page = reportPage(faulted);
  const order = [
    "PASS</span>",
    "All 8,101,852 acknowledged readings",
    "Next:",
    'id="correctness"',
    'id="thresholds"',
    'id="findings"',
    'id="faults"',
    'id="load"',
    'id="resources"',
    'id="replay"',
    'id="environment"',
    'id="scenario"',
  ];
  const places = order.map((text) => page.indexOf(text));
  expect(places.every((place) => place > 0)).toBe(true);
  expect([...places].sort((a, b) => a - b)).toEqual(places);
});

test("a fault is a band in every chart over time, and a paler one until records flowed again", () => {
  const page = reportPage(faulted);
  const overTime = count(page, 'class="plot"') - 1; // All but the spectrum.
  expect(count(page, '<rect class="band"')).toBe(overTime);
  expect(count(page, '<rect class="aftermath"')).toBe(overTime);
  expect(page).toContain("1: kill aggregator-0 at 14 s, flowing again after 6.0 s");
});

test("a fault that left no trace has no band", () => {
  const page = reportPage(
    finished({ faults: [{ ...kill, untilMs: null, effect: null, recoveredMs: null }] }),
  );
  expect(count(page, '<rect class="band"')).toBe(0);
  expect(page).toContain("✗ left no trace");
});

test("how each process paused stands beside what it used; what was not measured is a dash", () => {
  const page = reportPage(finished({ processes: { "job-cassandra-0": { ...own, ...paused } } }));
  const cells = (name: string): string[] => {
    const [, row = ""] =
      new RegExp(`<th scope="row">${name}</th>(<td>1\\.0 s.*?)</tr>`).exec(page) ?? [];
    return [...row.matchAll(/<td>(.*?)<\/td>/g)].map(([, cell]) => cell!);
  };
  const pauses = ["4.3 ms", "26 ms", "45", "123 ms", "4.5 ms"];
  expect(cells("job-cassandra-0")).toEqual(["1.0 s", "1 MB", ...pauses, "–"]);
  expect(cells("kafka")).toEqual(["1.0 s", "1 MB", "–", "–", "–", "–", "–", "–"]);
});

test("of a run that was broken off nothing is said that nobody judged", () => {
  const page = reportPage(brokenOff);
  expect(page).toContain("UNKNOWN</span> quick");
  expect(page).toContain("broken off before it was judged");
  expect(page).not.toMatch(/PASS|FAIL|✓|acknowledged/);
  expect(page).toContain("Readings a second"); // What was seen is shown.
});

test.each(hostileTexts)("hostile everywhere: %j", (text) => {
  const run = finished({
    verdict: "FAIL",
    scenario: text,
    run: text,
    reasons: [text],
    clauses: failed.clauses,
    findings: [
      {
        class: "phantom",
        device: text,
        key: text,
        topic: text,
        store: text,
        expected: text,
        found: text,
        during: text,
      },
    ],
    faults: [{ ...kill, kind: text, target: text, effect: text, recoveredMs: 1 }],
    replay: [
      {
        ...passed.replay[0]!,
        mode: text,
        storeEvidence: { [text]: 1 },
        digestBefore: { [text]: text },
        digestAfter: {},
      },
    ],
    thresholds: [{ metric: text, limit: text, value: 1, ok: false }],
    bursts: [{ window: 0, closesAtMs: 1, absorbedMs: { [text]: 1 } }],
    stores: { [text]: passed.stores["cassandra"]! },
    latencyMs: { [`visible.${text}`]: passed.latencyMs["publish"]! },
    processes: { [text]: { cpuSeconds: 1, maxRssBytes: 1, exits: [text] } },
    versions: { [text]: text },
    machine: { [text]: text },
  });
  const one = { total: 1, perSecond: 1, lag: 1, p99Ms: 1 };
  const series = seriesOf(9, {
    phase: text,
    fault: text,
    stages: { [text]: one },
    latencyMs: { [text]: { p50: 1, p99: 1, count: 1 } },
  });
  const pages = [
    { ...run, series, scenarioText: text },
    { ...brokenOff, series, run: text, scenario: text, scenarioText: text },
  ].map(reportPage);
  for (const page of pages) {
    expect(page).not.toMatch(/<script|<img|<svg\/|onerror=(?!alert\(1\)&gt;)|<b>&lt;b|<!--|<!\[/);
    const attributes = tags(page)
      .join("")
      .replaceAll(/"[^"]*"/g, "");
    expect(attributes).not.toMatch(/onmouseover|onerror|onload/);
    expect(page).toMatch(harmlessCharacters);
    expect(page.isWellFormed()).toBe(true);
  }
});

test("half an hour of ten stages, a hundred findings and a hundred bursts stay far below 2 MB", () => {
  const stage = (at: number) => ({
    total: at,
    perSecond: (at * 7919) % 115_741,
    lag: (at * 104_729) % 99_991,
  });
  const { points } = seriesOf(2_400);
  const series = {
    ...seriesOf(0),
    points: points.map((point, at) => ({
      ...point,
      stages: Object.fromEntries(
        Array.from({ length: 10 }, (_, n) => [`stage ${n}`, stage(at * 10 + n)]),
      ),
    })),
  };
  const run = finished({
    findings: Array.from({ length: 500 }, () => ({ class: "lost-write", device: "t".repeat(200) })),
    bursts: Array.from({ length: 100 }, (_, at) => ({
      window: at,
      closesAtMs: at,
      absorbedMs: { cassandra: at },
    })),
  });
  expect(reportPage({ ...run, series }).length).toBeLessThan(1_000_000);
});

test("no percentile is drawn that the samples do not reach", () => {
  const page = reportPage({ ...finished({ latencyMs: {} }), latencies: latenciesOf(50) });
  const [spectrum] = /Percentile spectrum: by percentile[\s\S]*?<\/table>/.exec(page)!;
  expect(spectrum).toMatch(/<th scope="row">90%<\/th><td>1\.4 ms<\/td>/);
  expect(spectrum).toMatch(/<th scope="row">99\.9%<\/th><td>–<\/td>/);
});
