import { Command } from "commander";
import { expect, test } from "vitest";
import { addSimulateCommand, report } from "../../../harness/cli/simulate-command.ts";
import { noEffects } from "../../../harness/simulation/gate.ts";
import { simulateSeeds } from "../../../harness/simulation/simulate-seeds.ts";
import { systemClock } from "../../../simulator/clock.ts";

/** What the command prints, and the code that it ends with. */
async function simulate(...args: readonly string[]) {
  const program = new Command("fleetproof").exitOverride();
  let stdout = "";
  let code: number | undefined;
  const finish = (ended: number): void => {
    code = ended;
  };
  addSimulateCommand(program, finish, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: () => true },
    clock: systemClock,
  });
  await program.parseAsync(["node", "fleetproof", "simulate", ...args]);
  return { code, stdout };
}

const effects = { ...noEffects(), refused: 1 };
const failure = {
  seed: 4711,
  verdict: "FAIL",
  classes: ["stall"],
  why: ["a backlog stood still"],
  trace: "00000000",
  virtualMs: 5_000,
  effects,
} as const;
const simulation = {
  done: 1_000,
  virtualMs: 3_600_000,
  troubles: 12_345,
  failures: 1,
  failed: [failure],
};

test("schedules that pass are counted, on threads of their own", async () => {
  const { code, stdout } = await simulate("--seeds", "4", "--from", "100");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^PASS: 4 schedules in [\d.]+ s \([\d.]+ h of virtual time, \d+ troubled/);
});

test("the number of threads changes no result", async () => {
  const asked = { from: 1, seeds: 6, bug: undefined, onProgress: () => {} };
  const alone = await simulateSeeds({ ...asked, threads: 1 });
  expect(await simulateSeeds({ ...asked, threads: 2 })).toEqual(alone);
  expect(alone.done).toBe(6);
});

test("a failed schedule is printed with what repeats it", () => {
  const asked = { from: 4_000, bug: undefined, seconds: 6 };
  expect(report(simulation, asked)).toBe(
    [
      "seed 4711: FAIL stall",
      "  a backlog stood still",
      "  again: fleetproof simulate --seeds 1 --from 4711",
      "FAIL: 1 of 1,000 schedules in 6.0 s (1.0 h of virtual time, 12,345 troubled calls)",
      "",
    ].join("\n"),
  );
});

test("of a planted bug it is said how soon it was found, or that it was not", () => {
  const asked = { from: 4_000, bug: "b", seconds: 6 };
  expect(report(simulation, asked)).toContain(
    "The planted bug b was found by 1 of 1,000 schedules, first after 712.",
  );
  expect(report(simulation, asked)).toContain(
    "again: NODE_OPTIONS=--conditions=planted fleetproof simulate --seeds 1 --from 4711 --bug b",
  );
  expect(report({ ...simulation, failures: 0, failed: [] }, asked)).toContain("b was not found");
});

test.for([
  ["--seeds", "0"],
  ["--seeds", "many"],
  ["--from", "-1"],
  ["--from", "1.5"],
])("%s %s is refused in a sentence", async (args) => {
  await expect(simulate(...args)).rejects.toThrow(/is no whole number of/);
});

test("without the planted bugs at hand, --bug says so", async () => {
  await expect(simulate("--bug", "fold-one-twice")).rejects.toThrow(/checkout only/);
});
