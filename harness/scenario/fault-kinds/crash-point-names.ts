/**
 * The crash points at which a step can kill a process (`kill: aggregator, point: after-offsets`), by the job that has
 * them, each with what has been done there and what has not. The jobs' own list is `pipeline/crash-points.ts`.
 */
import { nearestName } from "../nearest-name.ts";

type CrashPointName = {
  /** What is certain, and what is open, when the process ends there. */
  readonly meaning: string;
  /** Only a start comes by: the process is killed first, and dies again on its way up. */
  readonly atStart?: true;
  /** Only records that nobody can store lead there: a poison, and a job that skips it. */
  readonly needsPoison?: true;
};

const aggregator = {
  "after-assign": {
    meaning: "partitions were given to it, nothing of them is read",
    atStart: true,
  },
  "after-recover": { meaning: "the state is rebuilt, nothing new is folded", atStart: true },
  "before-outputs": { meaning: "readings are folded, no aggregate of them is sent" },
  "after-outputs": { meaning: "aggregates and rejections lie in an open transaction" },
  "before-checkpoint": { meaning: "a checkpoint is due, its transaction has only outputs" },
  "after-checkpoint": { meaning: "outputs and checkpoint lie in an open transaction" },
  "before-commit": { meaning: "everything but the offsets lies in an open transaction" },
  "after-offsets": { meaning: "the offsets, too: all but the end of the transaction" },
  "after-commit": { meaning: "the transaction is committed, the process does not note it" },
} as const satisfies Record<string, CrashPointName>;

const job = {
  "before-write": { meaning: "a batch is read, nothing of it is written" },
  "after-write": { meaning: "the store has acknowledged a batch, no offset is noted" },
  "before-dead-letters": {
    meaning: "records are to be skipped, nobody has them",
    needsPoison: true,
  },
  "after-dead-letters": {
    meaning: "skipped records are in Kafka, no offset is",
    needsPoison: true,
  },
  "before-commit": { meaning: "batches are stored, their offsets are not committed" },
  "after-commit": { meaning: "offsets are committed, the process does not note it" },
} as const satisfies Record<string, CrashPointName>;

/** By stage. */
export const crashPoints: Readonly<Record<string, Readonly<Record<string, CrashPointName>>>> = {
  aggregator,
  "job-elasticsearch": job,
  "job-cassandra": job,
};

/** What is wrong with a point of a stage as the scenario writes it; undefined: nothing. */
export function crashPointFault(stage: string, point: string): string | undefined {
  const known = Object.keys(crashPoints[stage] ?? {});
  if (known.includes(point)) return undefined;
  if (known.length === 0) {
    return `${stage} has no crash points; there are those of ${Object.keys(crashPoints).join(", ")}`;
  }
  const nearest = nearestName(point, known);
  return nearest === undefined
    ? `no crash point of ${stage}; there are ${known.join(", ")}`
    : `no crash point of ${stage}; did you mean ${nearest}?`;
}

export function isAtStart(stage: string, point: string): boolean {
  return crashPoints[stage]?.[point]?.atStart === true;
}
