/** Whatever the text: an answer, soon; and what strict mode accepts hides nothing. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { explainKcql } from "../../../pipeline/kcql/explain.ts";
import { type KcqlMode, parseKcql } from "../../../pipeline/kcql/parser.ts";
import type { RecordView } from "../../../pipeline/kcql/path.ts";
import { compileProjection } from "../../../pipeline/kcql/projection.ts";
import { verdictOf } from "../../../pipeline/kcql/verdict.ts";
import { kcqlText } from "./statement-texts.ts";

const modes: readonly KcqlMode[] = ["strict", "compat"];

const record: RecordView = {
  value: { a: { b: { id: 1 } }, device: { id: "d", a: [1] }, id: null, t: "text", x1: [], 9: 2 },
  key: { a: 1, topic: "k" },
  headers: () => ({ a: "h" }),
  topic: "t",
  partition: 0,
  offset: 1,
  timestampMs: 2,
};

test("10,000 statements, whole and damaged, are answered, explained and projected", () => {
  const seen = { accepted: 0, warned: 0, refused: 0, projected: 0 };
  const property = fc.property(kcqlText, (text) => {
    for (const mode of modes) {
      expect(verdictOf(text, mode).kcql).toBe(text);
      expect(typeof explainKcql(text, mode).ok).toBe("boolean");
      const parsed = parseKcql(text, mode);
      if (!parsed.ok) {
        seen.refused += 1;
        expect(parsed.fault.offset).toBeLessThanOrEqual(text.length);
        continue;
      }
      seen.accepted += 1;
      if (parsed.warnings.length > 0) seen.warned += 1;
      for (const statement of parsed.statements) {
        const projected = compileProjection(statement).project(record);
        if (projected.ok) {
          seen.projected += 1;
          expect(JSON.stringify(projected.document)).toMatch(/^\{/);
        } else expect(projected.message).toMatch(/leads through/);
      }
    }
  });
  fc.assert(property, { numRuns: 10_000 });
  // A fuzzer that is refused everywhere, or nowhere, proves nothing.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(500);
}, 60_000);

test("what strict mode accepts the genuine parser reads whole, with the names as they stand", () => {
  let accepted = 0;
  const property = fc.property(kcqlText, (text) => {
    const parsed = parseKcql(text);
    if (!parsed.ok) return;
    accepted += 1;
    const genuine = verdictOf(text, "compat");
    expect(genuine).toEqual({ kcql: text, ok: expect.anything() });
    for (const { target, topic, indexSuffix = "", pipeline = "" } of parsed.statements) {
      for (const name of [target, topic, indexSuffix, pipeline]) {
        expect(standsAlone(text, name)).toBe(true);
      }
    }
  });
  fc.assert(property, { numRuns: 5_000 });
  expect(accepted).toBeGreaterThan(300);
}, 60_000);

/** Neither glued from several words nor cut out of one. */
function standsAlone(text: string, name: string): boolean {
  const words = text.split(/[\s=;]+/);
  return name === "" || words.includes(name) || text.includes(`\`${name}\``);
}

const longest = 65_536;

test.each([
  ["INSERT INTO a SELECT ", "a,", ""],
  ["INSERT INTO a SELECT ", "a.", "b FROM t"],
  ["INSERT INTO a SELECT * FROM t PK ", "a,", "a"],
  ["INSERT INTO a SELECT * FROM t ", "`", ""],
  ["INSERT INTO a SELECT * FROM ", "t ", ""],
  ["INSERT INTO a SELECT * FROM t ", "' ", ""],
  ["INSERT INTO a SELECT * FROM t WITHINDEXSUFFIX=`", "{", "`"],
  ["INSERT INTO a SELECT * FROM t WITHTAG(", "a=b,", "c)"],
  ["", "INSERT INTO a SELECT 'b' FROM t;", ""],
  ["", "\n", "x"],
])(
  "64 KiB of %s%s… take no time",
  (head, body, tail) => {
    const text = (head + body.repeat(longest / body.length)).slice(0, longest - tail.length) + tail;
    // Quadratic work would take minutes: the test's time-out is the check.
    for (const mode of modes) {
      parseKcql(text, mode);
      verdictOf(text, mode);
      explainKcql(text, mode);
    }
  },
  2_000,
);
