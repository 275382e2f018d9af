/**
 * The gate through which every call of one instance passes, to the broker and to its store. It draws what becomes of
 * the call: it goes through, takes its time, is refused, is done though the caller is told that nobody knows, is done
 * later, or is the last that the instance ever makes: then nothing it waits for comes back, not even its own clock.
 */
import type { Clock } from "../../pipeline/clock.ts";
import type { FaultSchedule } from "./fault-schedule.ts";
import type { Random } from "./seeded-random.ts";
import type { Trace } from "./trace.ts";

/** The errors of the port that the call belongs to. */
export type Complaints = {
  readonly refused: () => Error;
  readonly unknown: () => Error;
  /** Whether the callee does what it was asked after the caller has given up; else it never does. */
  readonly mayBeLate: boolean;
  /** Nobody reaches the callee. */
  readonly isDown: () => boolean;
};

/** What the whole world shares. */
export type GateWorld = {
  readonly clock: Clock;
  readonly random: Random;
  readonly schedule: FaultSchedule;
  readonly trace: Trace;
  readonly effects: Effects;
  /** Aborted when the schedule has been judged: what still lives does nothing more. */
  readonly over: AbortSignal;
};

/** How often each kind of trouble happened. */
export type Effects = {
  refused: number;
  lost: number;
  late: number;
  slow: number;
  crashes: number;
  /** Items of bulks that were refused, and requests that a store refused by itself. */
  rejected: number;
  /** Batches of the fleet of which nobody knows the outcome. */
  forsaken: number;
};

export function noEffects(): Effects {
  return { refused: 0, lost: 0, late: 0, slow: 0, crashes: 0, rejected: 0, forsaken: 0 };
}

export type Gate = {
  readonly pass: <T>(work: () => Promise<T>, complaints: Complaints) => Promise<T>;
  /** The instance's own clock: it stops with it. */
  readonly clock: Clock;
  /** Resolves when the instance has died. */
  readonly crashed: Promise<void>;
};

const slowMaxMs = 400;
const lateMaxMs = 3_000;

type Fate = "pass" | "refuse" | "lose" | "late" | "crash-before" | "crash-after";
const fateNumbers = { pass: 0, refuse: 1, lose: 2, late: 3, "crash-before": 4, "crash-after": 5 };

export function createGate(world: GateWorld, instance: number): Gate {
  const { clock, random, schedule, trace, effects, over } = world;
  const { promise: crashed, resolve: tellCrash } = Promise.withResolvers<void>();
  let isDead = false;

  function drawFate(): Fate {
    if (clock.monotonicMs() >= schedule.healedAtMs) return "pass";
    const { refuse, lose, late, crash } = schedule.odds;
    let drawn = random.fraction();
    const strikes = (odds: number): boolean => {
      drawn -= odds;
      return drawn < 0;
    };
    if (strikes(crash)) {
      if (effects.crashes >= schedule.crashesMax) return "pass";
      return random.chance(0.5) ? "crash-before" : "crash-after";
    }
    if (strikes(refuse)) return "refuse";
    if (strikes(lose)) return "lose";
    return strikes(late) ? "late" : "pass";
  }

  function crash(): Promise<never> {
    isDead = true;
    effects.crashes += 1;
    tellCrash();
    return never();
  }

  /** Milliseconds, one way. */
  function drawDelay(): number {
    let ms = random.below(schedule.latencyMaxMs + 1);
    const isSlow = random.chance(schedule.odds.slow);
    if (isSlow && clock.monotonicMs() < schedule.healedAtMs) {
      effects.slow += 1;
      ms += random.below(slowMaxMs);
    }
    return ms;
  }

  /** Undefined where it takes no time: nothing to wait for. */
  function travel(): Promise<void> | undefined {
    const ms = drawDelay();
    return ms > 0 ? clock.sleep(ms) : undefined;
  }

  async function pass<T>(work: () => Promise<T>, complaints: Complaints): Promise<T> {
    if (isDead || over.aborted) return never();
    const fate = drawFate();
    trace.number(instance);
    trace.number(clock.monotonicMs());
    trace.number(fateNumbers[fate]);
    await travel();
    if (complaints.isDown() || fate === "refuse") {
      effects.refused += 1;
      if (isDead) return never();
      throw complaints.refused();
    }
    if (fate === "crash-before" && !isDead) return crash();
    if (fate === "late") return postpone(work, complaints);
    // What was on its way when its sender died arrives all the same.
    const answer = await settled(work);
    if (fate === "crash-after" && !isDead) return crash();
    await travel();
    if (isDead) return never();
    if (fate === "lose") {
      effects.lost += 1;
      throw complaints.unknown();
    }
    if (answer.status === "rejected") throw answer.reason;
    return answer.value;
  }

  async function postpone<T>(work: () => Promise<T>, complaints: Complaints): Promise<never> {
    effects.late += 1;
    if (complaints.mayBeLate) {
      const arrive = async (): Promise<unknown> => {
        await clock.sleep(random.below(lateMaxMs));
        return settled(work);
      };
      void arrive();
    }
    await travel();
    if (isDead) return never();
    throw complaints.unknown();
  }

  async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (isDead) return never();
    try {
      await clock.sleep(ms, signal);
    } finally {
      if (isDead) await never();
    }
  }

  return { pass, clock: { ...clock, sleep }, crashed };
}

async function settled<T>(work: () => Promise<T>): Promise<PromiseSettledResult<T>> {
  try {
    return { status: "fulfilled", value: await work() };
  } catch (reason) {
    return { status: "rejected", reason };
  }
}

function never(): Promise<never> {
  return new Promise(() => {});
}
