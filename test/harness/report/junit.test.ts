import { expect, test } from "vitest";
import { junitXml } from "../../../harness/report/junit.ts";
import { brokenOff, finished, hostileTexts } from "./report-fixture.ts";
import { failed, passed } from "./summary-fixture.ts";

const cases = (xml: string): readonly string[] =>
  xml.match(/<testcase [^>]*(\/>|>[\s\S]*?<\/testcase>)/g) ?? [];
const suite = (xml: string): string => /<testsuite [^>]*>/.exec(xml)![0];

test("a suite a run; a case for the verdict, each clause, threshold and replay", () => {
  const xml = junitXml(finished());
  expect(suite(xml)).toContain('name="fleetproof quick seed 20180301 run rabcdefgh"');
  expect(suite(xml)).toContain('tests="16" failures="0" errors="0" skipped="0" time="201.400"');
  expect(suite(xml)).toContain('timestamp="2026-11-22T12:00:00"');
  expect(cases(xml)).toHaveLength(16);
  expect(xml).not.toContain("hostname");
});

test("the failure's text tells what, where, expected, found, and how to see it again", () => {
  const xml = junitXml(finished(failed));
  expect(suite(xml)).toContain('failures="2" errors="0"');
  const clause = cases(xml).find((one) => one.includes('name="C7 '))!;
  const text = /<failure [^>]*>([\s\S]*)<\/failure>/.exec(clause)![1];
  expect(text).toContain(
    "C7 one final row for each device and window in each store: FAIL, 1 lost-write",
  );
  expect(text).toContain(
    "device t-0000042, window 2026-01-15T00:00:00Z, in cassandra, expected count 30, found no row",
  );
  expect(text).toContain("fleetproof run quick --seed 20180301");
});

test("a threshold that was missed and a replay that changed something are failures", () => {
  const xml = junitXml(
    finished({
      thresholds: [{ metric: "sendLagMs", limit: "p(99)<20", value: 31, ok: false }],
      replay: [{ ...passed.replay[0]!, digestAfter: { elasticsearch: "a" }, identical: false }],
    }),
  );
  expect(xml).toContain("sendLagMs: expected p(99)&lt;20, found 31 ms.");
  expect(xml).toContain("cassandra: expected b, found nothing");
  expect(suite(xml)).toContain('failures="2" errors="0"');
});

test("what is undecided, interrupted, without trace or broken off is an error, never a pass", () => {
  const fault = {
    kind: "kill",
    target: "aggregator-0",
    atMs: 1,
    untilMs: null,
    effect: null,
    recoveredMs: null,
  };
  const undecided = finished({
    verdict: "UNKNOWN",
    reasons: ["kafka died"],
    clauses: [{ clause: "C1", verdict: "UNKNOWN", evaluated: 0, counts: {}, echoes: 0 }],
    faults: [fault],
  });
  expect(suite(junitXml(undecided))).toContain('failures="0" errors="3"');
  expect(junitXml(undecided)).toContain("kafka died");
  expect(suite(junitXml(finished({ interrupted: true })))).toContain('errors="1"');
  const broken = junitXml(brokenOff);
  expect(suite(broken)).toContain('tests="1" failures="0" errors="1"');
  expect(broken).toContain("The run was broken off before it was judged");
});

test.each(hostileTexts)(
  "hostile texts leave it well formed, with characters of XML 1.0 only: %j",
  (text) => {
    const xml = junitXml(
      finished({
        ...failed,
        scenario: text,
        run: text,
        reasons: [text],
        findings: [{ ...failed.findings[0]!, device: text, found: text }],
      }),
    );
    expect(xml).toMatch(/^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u);
    const open: string[] = [];
    for (const [tag, end, name] of xml.matchAll(/<(\/?)([a-z]+)(?:\s[a-z]+="[^"<]*")*\/?>/g)) {
      if (end === "/") expect(open.pop()).toBe(name);
      else if (!tag.endsWith("/>")) open.push(name!);
    }
    expect(open).toEqual([]);
    const bare = xml
      .replace(/<(\/?)([a-z]+)(?:\s[a-z]+="[^"<]*")*\/?>/g, "")
      .replace(/^<\?xml [^?]*\?>/, "");
    expect(bare).not.toMatch(/[<>]/);
  },
);
