import { expect, test } from "vitest";
import { parse } from "yaml";
import { numberSteps } from "../../../harness/replay/numbered-steps.ts";
import type { Summary } from "../../../harness/report/summary-json.ts";
import { replayKinds, replaySchema } from "../../../harness/scenario/replay-schema.ts";
import { replayStep } from "../../../harness/scenario/replay-steps.ts";
import type { ReplayStep } from "../../../harness/scenario/scenario.ts";
import { roundFaults } from "./judge-round.ts";
import { replayRounds } from "./replay-rounds.ts";

function stepsOf(texts: readonly string[]): readonly ReplayStep[] {
  return texts.map((text) => replayStep(replaySchema.parse(parse(text))));
}

test("every kind is proven at rest and under load, into both topics, in both orders", () => {
  const steps = replayRounds.flatMap(({ steps: texts }) => stepsOf(texts));
  for (const kind of replayKinds) {
    const of = steps.filter((step) => step.kind === kind);
    expect([kind, of.some(({ atMs }) => atMs === undefined)]).toEqual([kind, true]);
    expect([kind, of.some(({ atMs }) => atMs !== undefined)]).toEqual([kind, true]);
  }
  const into = steps.flatMap((step) => (step.kind === "re-aggregate" ? [step.into] : []));
  expect(new Set(into)).toEqual(new Set(["fresh", "aggregated"]));
  const order = steps.flatMap((step) => (step.kind === "re-produce" ? [step.order] : []));
  expect(new Set(order)).toEqual(new Set(["same", "other"]));
});

test("a round knows how many replays the report must have", () => {
  for (const { name, steps, entries } of replayRounds) {
    expect([name, numberSteps(stepsOf(steps)).length]).toEqual([name, entries]);
  }
});

const replay = {
  mode: "rewind at-rest",
  records: 10,
  storeEvidence: { cassandra: 4 },
  digestBefore: { cassandra: "d" },
  digestAfter: { cassandra: "d" },
  identical: true,
};
const looks = { clause: "C10", verdict: "PASS", evaluated: 3, counts: {}, echoes: 0 };
const summary = { verdict: "PASS", reasons: [], replay: [replay], clauses: [looks] };

function faultsOf(bent: Readonly<Record<string, unknown>>): readonly string[] {
  return roundFaults({ entries: 1 }, { ...summary, ...bent } as unknown as Summary);
}

test("a round is as it must be only with every replay in it, proven and identical", () => {
  expect(faultsOf({})).toEqual([]);
  expect(faultsOf({ verdict: "UNKNOWN", reasons: ["it was cut"] })).toEqual([
    "verdict UNKNOWN: it was cut",
  ]);
  expect(faultsOf({ replay: [] })).toEqual(["0 replays of 1"]);
  expect(faultsOf({ replay: [{ ...replay, identical: false }] })).toHaveLength(1);
  expect(faultsOf({ replay: [{ ...replay, storeEvidence: { cassandra: 0 } }] })).toHaveLength(1);
  expect(faultsOf({ clauses: [] })).toHaveLength(1);
  expect(roundFaults({ entries: 1 }, undefined)).toEqual(["the run came to no verdict"]);
});
