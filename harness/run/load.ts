/**
 * The load of a run: from the start of the fleet's schedule to its last reading, with the faults of the scenario at
 * their times. Ends early when the run is interrupted or something dies that no fault aimed at.
 */
import type { FaultReport } from "../faults/fault-report.ts";
import type { TargetLocks } from "../faults/target-locks.ts";
import type { VisibilityProbe } from "../observe/visibility-probe.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { Fleet } from "./fleet/fleet.ts";
import type { Groups } from "./groups.ts";
import type { JobRest } from "./job-rest.ts";
import type { RunLinks } from "./links.ts";
import type { LiveStatus } from "./live-status.ts";
import type { Observer } from "./observer.ts";
import type { PipelineOptions } from "./pipeline-slots.ts";
import { playFaults, untilTime } from "./play-faults.ts";
import type { ProcessSlots } from "./process-slots.ts";
import { rejectOn } from "./reject-on.ts";
import type { RunContext } from "./run-context.ts";
import type { TaskWatch } from "./task-watch.ts";
import type { Timeline } from "./timeline.ts";
import type { Troubles } from "./troubles.ts";

export type LoadParts = {
  readonly fleet: Fleet;
  readonly observer: Observer;
  readonly slots: ProcessSlots;
  readonly groups: Groups;
  readonly probes: readonly VisibilityProbe[];
  readonly timeline: Timeline;
  readonly status: LiveStatus;
  readonly troubles: Troubles;
  readonly pipeline: PipelineOptions;
  /** Shared with the replays: whoever kills, stops or starts a process holds its name. */
  readonly locks: TargetLocks;
  readonly rest: JobRest;
  readonly links: RunLinks;
  readonly tasks: TaskWatch;
  readonly replays: readonly LoadReplay[];
};

/** A replay while the load goes on; `atMs` after the load began. */
type LoadReplay = {
  readonly atMs: number;
  readonly play: (signal: AbortSignal) => Promise<void>;
};

export type LoadOutcome = {
  readonly endedAtEventMs: number;
  /** Each settles when its target has recovered, or has not in time. */
  readonly faults: readonly Promise<FaultReport>[];
  /** In the order of `LoadParts`; each settles when its replay has been set going, or the load was over first. */
  readonly replays: readonly Promise<void>[];
};

const tickMs = 250;
const lagEveryMs = 1_000;
/** A cut lies a little ahead, so that it reaches every worker before its time. */
const cutAheadMs = 100;

export async function playLoad(context: RunContext, parts: LoadParts): Promise<LoadOutcome> {
  const { clock, interrupted, scenario, stack } = context;
  const { fleet, slots, locks, tasks, timeline, status, troubles } = parts;
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, context.signal]);
  const cut = (): void => fleet.cut(timeline.eventOf(clock.now() + cutAheadMs));
  if (interrupted.aborted) cut();
  interrupted.addEventListener("abort", cut, { signal: over.signal });
  const endHere = (who: string, what = " died"): void => {
    if (over.signal.aborted) return;
    status.say(`${who}${what}: the load is cut here`);
    cut();
  };
  slots.onDeath(({ name }) => endHere(name));
  tasks.onFailure((sentence) => endHere(sentence, ""));
  void stack.died.then(({ server }) => endHere(server));
  fleet.start(timeline.originMs);
  const background = [
    every(clock, tickMs, signal, createTick(parts, context)),
    every(clock, lagEveryMs, signal, () => watchLags(parts)),
  ];
  const faults = playFaults(context, parts, over.signal);
  const replays = parts.replays.map(async ({ atMs, play }) => {
    if (await untilTime(atMs, context, parts, over.signal)) await play(context.signal);
  });
  for (const replay of replays) replay.catch(() => undefined); // Whoever waits for it is told.
  try {
    const loadDone = troubles.attempt("the load", () => fleet.loadDone, undefined);
    const endedAtEventMs = await Promise.race([loadDone, rejectOn(context.signal)]);
    // A fleet that failed cannot say where it ended; nothing was sent past this moment.
    const latest = timeline.eventOf(Math.min(clock.now(), timeline.loadEndMs));
    over.abort();
    // What a step is just starting again is up before anybody closes windows, or calls a backlog a stall.
    await locks.hold(disturbed(scenario), async () => undefined);
    return { endedAtEventMs: endedAtEventMs ?? Math.ceil(latest), faults, replays };
  } finally {
    over.abort();
    await Promise.all(background);
  }
}

function disturbed({ faults }: Scenario): readonly string[] {
  return faults.map(({ target }) => target);
}

/** What happens every quarter of a second: figures for the view, windows for the probes. */
function createTick(parts: LoadParts, { clock }: RunContext): () => void {
  const { fleet, observer, timeline, status } = parts;
  const announce = createAnnouncer(parts);
  let phase: "warm-up" | "load" | undefined;
  return () => {
    const now = clock.now();
    const { sends, sendLagMsP99 } = fleet.progress();
    status.stage("fleet", { total: sends, p99Ms: sendLagMsP99 });
    const seen = observer.progress()?.raw.reduce((sum, offset) => sum + offset, 0) ?? 0;
    status.stage("raw topic, audited", { total: seen, lag: Math.max(0, sends - seen) });
    announce(now);
    if (now < timeline.originMs) return;
    const next = now < timeline.measureFromMs ? "warm-up" : "load";
    if (next !== phase) status.phase(next);
    phase = next;
    const from = next === "load" ? timeline.measureFromMs : timeline.originMs;
    const to = next === "load" ? timeline.loadEndMs : timeline.measureFromMs;
    status.share(Math.min(1, (now - from) / Math.max(1, to - from)));
  };
}

/** Tells the probes of each window once, shortly before it can first close. */
function createAnnouncer({ probes, timeline }: LoadParts): (now: number) => void {
  let next = 0;
  return (now) => {
    for (; next < timeline.windows.length; next++) {
      const start = timeline.windows[next]!;
      const closesAt = timeline.couldCloseAt(start);
      if (closesAt > now + 2 * tickMs) return;
      for (const probe of probes) probe.windowCouldClose(start, closesAt);
    }
  };
}

async function watchLags({ groups, status }: LoadParts): Promise<void> {
  await Promise.all(
    groups.stages.map(async (stage) => {
      const read = await groups.lagOf(stage).catch((error: Error) => error);
      if (read instanceof Error)
        return status.say(`lag of ${stage.stage} unknown: ${read.message}`);
      const { lag, partitions } = read;
      const total = partitions.reduce((sum, { committed }) => sum + Number(committed), 0);
      status.stage(stage.stage, { total: Math.max(0, total), lag });
    }),
  );
}

/** Until the signal; an error ends it and is told to nobody else than the caller. */
async function every(
  clock: RunContext["clock"],
  ms: number,
  signal: AbortSignal,
  work: () => void | Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    await work();
    await clock.sleep(ms, signal).catch(() => undefined); // Only the abort rejects.
  }
}
