/**
 * Gathers what the live view shows from the parts of a run, and redraws it four times a second. Whoever records
 * what was seen over time listens here: every part tells its figures once, to this.
 */
import type { Clock } from "../../simulator/clock.ts";
import type { LiveState, Phase, StageState } from "../report/live-state.ts";
import type { LiveView } from "../report/live-view.ts";

export type StageReading = {
  readonly total: number;
  /** Records behind the stage before it. */
  readonly lag?: number;
  readonly p99Ms?: number;
};

/** `atMs`: wall time, epoch milliseconds. */
export type LiveEvent =
  | {
      readonly kind: "stage";
      readonly name: string;
      readonly reading: StageReading;
      readonly atMs: number;
    }
  | { readonly kind: "phase"; readonly phase: Phase; readonly atMs: number }
  | { readonly kind: "fault"; readonly active: string | undefined; readonly atMs: number };

export type LiveStatus = {
  readonly phase: (phase: Phase, doing?: string) => void;
  /** A line that stays. */
  readonly say: (line: string) => void;
  /** 0..1 of the present phase. */
  readonly share: (share: number | undefined) => void;
  readonly fault: (active: string | undefined) => void;
  /** New figures of a stage; its rate follows from the totals. */
  readonly stage: (name: string, reading: StageReading) => void;
  /** Called at once with all that is told from now on; for the length of the run. */
  readonly listen: (listener: (event: LiveEvent) => void) => void;
  readonly close: () => void;
};

const redrawMs = 250;
/** Rates over about so long: a shorter time shows bursts, a longer one hides them. */
const rateOverMs = 2_000;
const goneAfterMs = 5_000;

type Seen = StageReading & { readonly history: { atMs: number; total: number }[] };

export function createLiveStatus(options: {
  readonly scenario: string;
  readonly run: string;
  readonly view: LiveView;
  readonly clock: Clock;
}): LiveStatus {
  const { scenario, run, view, clock } = options;
  const startedMs = clock.monotonicMs();
  const stages = new Map<string, Seen>();
  let phase: Phase = "stack";
  let doing: string | undefined;
  let share: number | undefined;
  let activeFault: string | undefined;
  const closed = new AbortController();
  const listeners: ((event: LiveEvent) => void)[] = [];

  const tell = (event: LiveEvent): void => {
    for (const listener of listeners) listener(event);
  };

  function state(): LiveState {
    return {
      scenario,
      run,
      phase,
      elapsedMs: clock.monotonicMs() - startedMs,
      stages: [...stages].filter(isRecent).map(([name, seen]) => stageState(name, seen)),
      violations: 0,
      ...(share === undefined ? {} : { share }),
      ...(doing === undefined ? {} : { doing }),
      ...(activeFault === undefined ? {} : { activeFault }),
    };
  }

  /** What is no longer asked for has no rate any more: it leaves the picture. */
  function isRecent([, { history }]: readonly [string, Seen]): boolean {
    const last = history.at(-1);
    return last !== undefined && clock.monotonicMs() - last.atMs < goneAfterMs;
  }

  async function redraw(): Promise<void> {
    while (!closed.signal.aborted) {
      view.update(state());
      await clock.sleep(redrawMs, closed.signal).catch(() => undefined); // Only the abort rejects.
    }
  }
  void redraw();

  return {
    phase(next, what) {
      phase = next;
      doing = what;
      share = undefined;
      view.update(state());
      tell({ kind: "phase", phase: next, atMs: clock.now() });
    },
    say: (line) => view.say(line),
    share(next) {
      share = next;
    },
    fault(active) {
      activeFault = active;
      tell({ kind: "fault", active, atMs: clock.now() });
    },
    stage(name, reading) {
      const atMs = clock.monotonicMs();
      const history = (stages.get(name)?.history ?? []).filter((at) => atMs - at.atMs < rateOverMs);
      stages.set(name, { ...reading, history: [...history, { atMs, total: reading.total }] });
      tell({ kind: "stage", name, reading, atMs: clock.now() });
    },
    listen: (listener) => void listeners.push(listener),
    close() {
      closed.abort();
      view.close();
    },
  };
}

function stageState(name: string, { total, lag, p99Ms, history }: Seen): StageState {
  const [first] = history;
  const last = history.at(-1);
  const spanMs = first === undefined || last === undefined ? 0 : last.atMs - first.atMs;
  const perSecond = spanMs > 0 ? ((last!.total - first!.total) / spanMs) * 1_000 : 0;
  return {
    name,
    total,
    perSecond,
    ...(lag === undefined ? {} : { lag }),
    ...(p99Ms === undefined ? {} : { p99Ms }),
  };
}
