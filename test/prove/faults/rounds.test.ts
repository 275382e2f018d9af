import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Summary } from "../../../harness/report/summary-json.ts";
import { crashPoints } from "../../../harness/scenario/fault-kinds/crash-point-names.ts";
import { faultKinds } from "../../../harness/scenario/fault-kinds/fault-catalogue.ts";
import { loadScenario } from "../../../harness/scenario/load-scenario.ts";
import { printProblem } from "../../../harness/scenario/problem.ts";
import { judgeRound } from "./judge-round.ts";
import { type DoneRound, openProofState } from "./proof-state.ts";
import type { Round } from "./round.ts";
import { argumentsOf } from "./round-arguments.ts";
import { roundLine, roundTable } from "./round-lines.ts";
import { allRounds, targetsOf } from "./rounds.ts";

const rounds = allRounds();
const steps = rounds.flatMap((round) => round.steps);

test("no kind of the catalogue is left out on any of its targets", () => {
  const missing = faultKinds.flatMap((kind) =>
    targetsOf(kind).filter((target) => {
      const step = new RegExp(` ${kind}: ${target}(-\\d)?[ ,]`);
      return !steps.some((each) => step.test(each));
    }),
  );
  expect(missing).toEqual([]);
});

test("every crash point of every job is visited", () => {
  const missing = Object.entries(crashPoints).flatMap(([stage, points]) =>
    Object.keys(points).filter(
      (point) => !steps.some((step) => step.includes(`kill: ${stage}, point: ${point} `)),
    ),
  );
  expect(missing).toEqual([]);
});

test("rounds have names of their own, by which a broken-off proof knows them", () => {
  expect(new Set(rounds.map(({ name }) => name)).size).toBe(rounds.length);
});

test.each(rounds.map((round) => [round.name, round] as const))(
  "the round %s is a sound scenario of at most 20 s of load",
  (_, round) => {
    const args = argumentsOf(round, 1, "mine");
    const values = args.flatMap((arg, at) => (args[at - 1] === "--set" ? [arg] : []));
    const after = (name: string): string => args[args.indexOf(name) + 1] ?? "";
    const [rate, duration] = [after("--rate"), after("--for")];
    const loaded = loadScenario(round.scenario, { set: values, rate, for: duration });
    expect(loaded.ok ? [] : loaded.errors.map(printProblem)).toEqual([]);
    const { load, faults } = loaded.ok ? loaded.scenario : { load: undefined, faults: [] };
    expect(faults).toHaveLength(round.steps.length);
    expect((load?.forMs ?? 0) + (load?.warmUpMs ?? 0)).toBeLessThanOrEqual(20_000);
  },
);

const round: Round = {
  name: "kill aggregator",
  group: "process",
  scenario: "quick",
  targets: ["aggregator"],
  steps: ["{ at: 5s, kill: aggregator }"],
  set: [],
  verdict: { is: "PASS" },
  classes: [],
};
const told = { kind: "kill", target: "aggregator-0", atMs: 5_000, untilMs: 6_000 };
const summary = (verdict: string, effect: string | null, found: readonly string[] = []): Summary =>
  ({
    verdict,
    faults: [{ ...told, effect, recoveredMs: effect === null ? null : 1_000 }],
    findings: found.map((name) => ({ class: name })),
  }) as unknown as Summary;

test("a round is as declared when its verdict is and every step left a trace", () => {
  expect(judgeRound(round, summary("PASS", "killed"))).toMatchObject({
    asDeclared: true,
    effects: 1,
    recoveredMs: 1_000,
  });
});

test("planted: another verdict, a step without a trace, a loss that is not named, no verdict at all", () => {
  expect(judgeRound(round, summary("FAIL", "killed", ["duplicate"]))).toMatchObject({
    asDeclared: false,
    faults: ["PASS is declared, it came to FAIL"],
    classes: ["duplicate"],
  });
  expect(judgeRound(round, summary("PASS", null)).faults).toEqual([
    "kill of aggregator-0 left no trace",
    "after kill of aggregator-0 something never went on",
  ]);
  const lossy: Round = { ...round, verdict: { is: "FAIL" }, classes: ["lost-write"] };
  expect(judgeRound(lossy, summary("FAIL", "cut", ["lost-write"])).asDeclared).toBe(true);
  expect(judgeRound(lossy, summary("FAIL", "cut", ["stall"])).faults).toEqual([
    "no finding is lost-write, but stall",
  ]);
  expect(judgeRound(round, undefined).faults).toEqual(["it came to no verdict"]);
});

test("a proof that was broken off goes on with what is on file, and one that is not resumed begins anew", () => {
  const folder = mkdtempSync(join(tmpdir(), "fleetproof-prove-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "runs", "state.json");
  const done: DoneRound = {
    ...judgeRound(round, summary("PASS", "killed")),
    round: round.name,
    group: round.group,
    seed: 7,
    tookMs: 40_000,
    effect: "killed",
  };
  openProofState(file, false).add(done);
  expect(openProofState(file, true).find(round.name, 7)).toEqual(done);
  expect(openProofState(file, true).find(round.name, 8)).toBeUndefined();
  expect(openProofState(file, false).done()).toEqual([]);
  expect(roundLine(done)).toBe(
    "kill aggregator, seed 7: PASS, as declared, 1 of 1 steps with a trace, 40.0 s",
  );
  expect(roundLine({ ...done, begun: 2 })).toMatch(/40\.0 s, could begin only at attempt 2$/);
  const table = roundTable([done]);
  expect(table).toMatch(/process +kill aggregator +7 +1 of 1 +1\.0 s +PASS +none +as declared\n/);
  expect(table).toContain("\nkill aggregator, seed 7: killed\n");
  expect(table.endsWith("\n1 of 1 rounds as declared")).toBe(true);
});
