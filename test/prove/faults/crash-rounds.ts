/**
 * The crash points, a few in a round, one after the other; both persisting jobs in the same rounds. A step waits until
 * its process comes by the point, so the moments only say when it is armed.
 */
import { crashPoints } from "../../../harness/scenario/fault-kinds/crash-point-names.ts";
import { definitionOf } from "../../../harness/scenario/fault-kinds/fault-catalogue.ts";
import type { Round } from "./round.ts";

type Point = readonly [name: string, about: { readonly needsPoison?: true }];

/** A process that was killed is up again and at work within 5 s. */
const quickMoments = [4, 9, 14] as const;
/**
 * At the first start all partitions owe a checkpoint at once, when the load begins: too early for a step. Of a process
 * that was killed the first is due 7.5 s after it is back (eight partitions, one a minute each).
 */
const slowMoments = [2, 12] as const;
const killFirst = (target: string): string => `{ at: 1s, kill: ${target} }`;

export function crashRounds(): readonly Round[] {
  const stages = Object.keys(crashPoints);
  const jobs = stages.filter((stage) => stage.startsWith("job-"));
  const others = stages.filter((stage) => !jobs.includes(stage)).map((stage) => [stage]);
  return [...others, jobs].flatMap(roundsOf);
}

function roundsOf(targets: readonly string[]): readonly Round[] {
  const points: readonly Point[] = Object.entries(crashPoints[targets[0] ?? ""] ?? {});
  const poisoned = points.filter(needsPoison);
  const slow = points.filter(([name]) => name.endsWith("-checkpoint"));
  const quick = points.filter((point) => !poisoned.includes(point) && !slow.includes(point));
  const beside = slow.map((point, index) => [point, ...quick.slice(index, index + 1)]);
  return [
    ...beside.map((some) => crashRound(targets, some, slowMoments, targets.map(killFirst))),
    ...chunks(quick.slice(slow.length)).map((some) => crashRound(targets, some, quickMoments)),
    ...chunks(poisoned).map((some) => crashRound(targets, some, quickMoments)),
  ];
}

function needsPoison([, about]: Point): boolean {
  return about.needsPoison === true;
}

function crashRound(
  targets: readonly string[],
  points: readonly Point[],
  moments: readonly number[],
  first: readonly string[] = [],
): Round {
  const names = points.map(([name]) => name);
  const poisoned = points.some(needsPoison);
  const at = (index: number): number => moments[index] ?? 0;
  const kills = names.flatMap((point, index) =>
    targets.map((target) => `{ at: ${at(index)}s, kill: ${target}, point: ${point} }`),
  );
  const poisons = names.map((_, index) => `{ at: ${at(index) + 1}s, poison: aggregated }`);
  return {
    name: `kill ${targets.join(" and ")} at ${names.join(", ")}`,
    group: "crash",
    // Its jobs skip what they cannot read.
    scenario: poisoned ? "poison-noop" : "quick",
    targets,
    steps: [...first, ...kills, ...(poisoned ? poisons : [])],
    set: [],
    verdict: definitionOf("kill").verdict,
    classes: [],
  };
}

function chunks(points: readonly Point[]): readonly (readonly Point[])[] {
  const size = quickMoments.length;
  return Array.from({ length: Math.ceil(points.length / size) }, (_, chunk) =>
    points.slice(chunk * size, (chunk + 1) * size),
  );
}
