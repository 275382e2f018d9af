import { expect, test } from "vitest";
import { simulateSeed } from "../../../harness/simulation/simulate-seed.ts";
import { simulatedFleet } from "../../../harness/simulation/simulated-fleet.ts";
import { prepareSimulation } from "../../../harness/simulation/simulated-stages.ts";
import { bugs } from "../../planted/planted-bugs.ts";
import { aggregatorCases } from "./aggregator-cases.ts";
import type { BugCase } from "./bug-case.ts";

const setup = prepareSimulation(simulatedFleet());
/** Enough for all but the races, which need some hundred; `npm run prove:bugs` plays these, too. */
const seedsMost = 20;
const races = ["B09", "B10"];
const quick = aggregatorCases.filter(
  ({ id, proof }) => proof.kind === "simulation" && !races.includes(id),
);

async function classesFoundWithin({ bug, expected }: BugCase): Promise<readonly string[]> {
  for (let seed = 1; seed <= seedsMost; seed++) {
    const { verdict, classes } = await simulateSeed(setup, seed, bugs[bug]);
    const named = expected.classes.filter((name) => classes.includes(name));
    if (verdict === expected.verdict && named.length > 0) return named;
  }
  return [];
}

test.for(quick.map((each) => [each.bug, each] as const))(
  "%s is found within some seeds",
  async ([, bugCase]) => {
    expect(await classesFoundWithin(bugCase)).not.toEqual([]);
  },
);
