/**
 * What one seed does to the pipeline: how likely each kind of trouble is at each call, and what happens at a given
 * time. A kind is switched on for a whole seed or off (FoundationDB's two-step "buggify"): a schedule that has
 * everything at once hides what one kind alone would show.
 */
import { seededRandom } from "./seeded-random.ts";

export const stageNames = ["aggregator", "elasticsearch", "cassandra"] as const;
export type StageName = (typeof stageNames)[number];

/** Probabilities of a call, while the trouble lasts. */
export type Odds = {
  /** It is not done, and the caller is told so. */
  readonly refuse: number;
  /** It is done, and the caller is told that nobody knows. */
  readonly lose: number;
  /** The caller is told that nobody knows; a store does it later all the same. */
  readonly late: number;
  /** It takes up to `slowMs`. */
  readonly slow: number;
  /** The instance dies, before or after it is done. */
  readonly crash: number;
  /** Elasticsearch applies half of the items of a bulk, and answers 429 to the others. */
  readonly part: number;
  /** The fleet's worker dies with the batch under way: nobody knows its outcome, and it is never sent again. */
  readonly forsake: number;
};

type During = { readonly atMs: number; readonly forMs: number };

/**
 * `visit`: a second instance joins and leaves. `outage`: nobody reaches it. `pause`: as SIGSTOP of its requests.
 * `phantom`: a stranger writes an aggregate in a transaction, and aborts it. `overload`: the store refuses every
 * request, and says so. `read-only`: it refuses every item.
 */
export type Trouble =
  | (During & { readonly kind: "visit" | "pause"; readonly of: StageName })
  | (During & { readonly kind: "outage"; readonly of: "broker" | "elasticsearch" | "cassandra" })
  | (During & { readonly kind: "phantom"; readonly of: "aggregated" })
  | (During & { readonly kind: "overload"; readonly of: "elasticsearch" | "cassandra" })
  | (During & { readonly kind: "read-only"; readonly of: "elasticsearch" });

export type FaultSchedule = {
  /** Of a message, one way; 0 is frequent. */
  readonly latencyMaxMs: number;
  readonly odds: Odds;
  readonly crashesMax: number;
  readonly troubles: readonly Trouble[];
  /** Virtual milliseconds after the start from which on all is well. */
  readonly healedAtMs: number;
};

const refusals = [
  { kind: "overload", of: "elasticsearch" },
  { kind: "overload", of: "cassandra" },
  { kind: "read-only", of: "elasticsearch" },
] as const;

/** Members hear of a rebalance by their next heartbeat, 3 s apart. */
const visitMaxMs = 6_000;
/** Longer than the session of every member. */
const longPauseMs = 12_000;

/** `loadMs`: virtual milliseconds in which the fleet sends. */
export function drawSchedule(seed: number, loadMs: number): FaultSchedule {
  const random = seededRandom(seed, 1);
  const sometimes = (odds: number): number => (random.chance(0.5) ? odds * random.fraction() : 0);
  const odds = {
    refuse: sometimes(0.1),
    lose: sometimes(0.1),
    late: sometimes(0.1),
    slow: sometimes(0.1),
    crash: sometimes(0.04),
  };
  const when = () => ({ atMs: random.below(loadMs), forMs: 50 + random.below(1_200) });
  const stage = (): StageName => stageNames[random.below(3)]!;
  const troubles: Trouble[] = [];
  for (let n = random.below(3); n > 0; n--) {
    const of = random.chance(0.5) ? "aggregator" : stage();
    troubles.push({ kind: "visit", of, ...when(), forMs: random.below(visitMaxMs) });
  }
  if (random.chance(0.4)) {
    const of = (["broker", "elasticsearch", "cassandra"] as const)[random.below(3)]!;
    troubles.push({ kind: "outage", of, ...when() });
  }
  if (random.chance(0.2)) {
    const pause = { kind: "pause", of: stage(), ...when() } as const;
    // Half of them with a second instance that takes over meanwhile.
    troubles.push(random.chance(0.3) ? { ...pause, forMs: longPauseMs } : pause);
  }
  if (random.chance(0.2)) troubles.push({ kind: "phantom", of: "aggregated", ...when() });
  const latencyMaxMs = random.below(5);
  const crashesMax = 1 + random.below(4);
  const calmMs = random.below(500);
  const part = sometimes(0.4);
  const forsake = sometimes(0.2);
  if (random.chance(0.3)) {
    const refusal = refusals[random.below(refusals.length)]!;
    troubles.push({ ...refusal, ...when() });
  }
  const ends = troubles.map(({ atMs, forMs }) => atMs + forMs);
  return {
    latencyMaxMs,
    odds: { ...odds, part, forsake },
    crashesMax,
    troubles,
    healedAtMs: Math.max(loadMs + calmMs, ...ends),
  };
}
