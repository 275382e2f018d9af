/**
 * Compat mode answers as the genuine parser (`com.datamountaineer:kcql:2.8.7`) does.
 * `vectors.jsonl` are its golden answers, as they were handed to this project;
 * `random-vectors.jsonl` are its answers to statements made at random from its own grammar and then
 * damaged, chosen so that every clause occurs. Errors count, not their wording.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { verdictOf } from "../../../pipeline/kcql/verdict.ts";

type Vector = { readonly kcql: string; readonly ok?: unknown; readonly error?: string };

function vectorsOf(file: string): readonly Vector[] {
  const lines = readFileSync(new URL(file, import.meta.url), "utf8")
    .trim()
    .split("\n");
  return lines.map((line) => JSON.parse(line) as Vector);
}

const vectors = [...vectorsOf("vectors.jsonl"), ...vectorsOf("random-vectors.jsonl")];

test("there are vectors of both kinds", () => {
  expect(vectors.filter(({ ok }) => ok !== undefined).length).toBeGreaterThan(150);
  expect(vectors.filter(({ error }) => error !== undefined).length).toBeGreaterThan(80);
});

test.each(vectors)("compat: $kcql", (vector) => {
  const verdict = verdictOf(vector.kcql, "compat");
  if (vector.error === undefined) expect(verdict).toEqual(vector);
  else expect(verdict).toEqual({ kcql: vector.kcql, error: expect.any(String) });
});

test.each(vectors)("strict accepts only what the genuine parser reads whole: $kcql", (vector) => {
  const verdict = verdictOf(vector.kcql, "strict");
  if ("error" in verdict) return;
  expect(vector).toEqual({ kcql: vector.kcql, ok: verdict.ok });
});
