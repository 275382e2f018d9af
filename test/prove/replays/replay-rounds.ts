/** The replays of the proof, in as few runs as keep them from disturbing one another: each round is one run. */

export type ReplayRound = {
  readonly name: string;
  /** As `--set replay=[…]` takes them; a step of `times: 2` is two in the report. */
  readonly steps: readonly string[];
  /** How many entries of the report they make. */
  readonly entries: number;
  readonly set: readonly string[];
};

/** Of `run replays`: the first windows close 6.6 s after the load began. No clause depends on the rate. */
const load = [
  ...["--rate", "10k/s", "--for", "9s"],
  ...["--set", "load.warmUp=2s", "--set", "fleet.devices=2000"],
  // Thresholds of speed are for a machine that does nothing else.
  ...["--set", "thresholds={}"],
];

/** No reading is later than the retention, in whatever order. */
const neverLate = ["readings.late=0%", "readings.revising=0%"];
/** Two minutes of event time before midnight: both days have windows that close under load. */
const overMidnight = ["time.start=2026-01-14T23:56:00Z"];

export const replayRounds: readonly ReplayRound[] = [
  {
    name: "rewinds at rest",
    steps: [
      "{rewind: at-rest, times: 2}",
      "{rewind: at-rest, partition: 3}",
      "{rewind: at-rest, last: 3s}",
      "{rewind: at-rest, from: 8s, partition: 0}",
      "{rewind: at-rest, from: 100, store: cassandra}",
      "{rewind: at-rest, restart: true}",
    ],
    entries: 7,
    set: [],
  },
  {
    name: "rewinds under load",
    steps: ["{rewind: 7500ms, times: 2}", "{rewind: 8s, partition: 5, store: elasticsearch}"],
    entries: 3,
    set: [],
  },
  {
    name: "rewind under load after a restart",
    steps: ["{rewind: 7500ms, restart: true}", "{rewind: at-rest, clock: +1d}"],
    entries: 2,
    set: [],
  },
  {
    name: "new stores and rebuilt ones",
    steps: [
      "{new-store: 7500ms}",
      "{new-store: at-rest}",
      "{rebuild: at-rest, store: elasticsearch}",
      "{rebuild: at-rest, store: cassandra}",
    ],
    entries: 4,
    set: [],
  },
  {
    name: "stores rebuilt under load",
    steps: ["{rebuild: 7500ms, store: elasticsearch}", "{rebuild: 7500ms, store: cassandra}"],
    entries: 2,
    set: [],
  },
  {
    name: "aggregated again at rest",
    steps: ["{re-aggregate: at-rest, into: fresh}", "{re-aggregate: at-rest, into: aggregated}"],
    entries: 2,
    set: [],
  },
  {
    name: "aggregated again under load",
    steps: ["{re-aggregate: 3s, into: fresh}", "{re-aggregate: 7500ms, into: aggregated}"],
    entries: 2,
    set: [],
  },
  {
    name: "produced again at rest",
    steps: ["{re-produce: at-rest}", "{re-produce: at-rest, speed: 10x}"],
    entries: 2,
    set: [],
  },
  { name: "produced again under load", steps: ["{re-produce: 3s}"], entries: 1, set: [] },
  {
    name: "produced again in another order",
    steps: ["{re-produce: at-rest, order: other}"],
    entries: 1,
    set: neverLate,
  },
  {
    name: "across midnight",
    steps: [
      "{rewind: 7500ms}",
      "{new-store: 8s}",
      "{rewind: at-rest, clock: +1d}",
      "{rebuild: at-rest, store: elasticsearch}",
      "{re-produce: at-rest}",
    ],
    entries: 5,
    set: overMidnight,
  },
];

export function argumentsOf(round: ReplayRound, stack: string): readonly string[] {
  const set = [`replay=[${round.steps.join(", ")}]`, ...round.set];
  return ["run", "replays", "--stack", stack, ...load, ...set.flatMap((each) => ["--set", each])];
}
