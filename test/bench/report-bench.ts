/** What a benchmark prints at its end: conditions, table, notes, a comparison, and with `--json` one line last. */
import { cpus, totalmem } from "node:os";
import { columns } from "../prove/columns.ts";
import { type BenchResult, type BenchRow, readResult } from "./bench-result.ts";
import { refuse, wholeNumber } from "./command-line.ts";
import { compareResults, type RowChange } from "./compare-results.ts";

/** Options that every benchmark has: to be spread into its own. */
export const benchOptions = {
  rounds: { type: "string", default: "5" },
  json: { type: "boolean", default: false },
  compare: { type: "string" },
} as const;

type Values = {
  readonly rounds: string;
  readonly json: boolean;
  readonly compare?: string | undefined;
};

export type Reporting = {
  readonly rounds: number;
  readonly json: boolean;
  readonly old: BenchResult | undefined;
};

/** Fewer than five rounds show no difference between two results. */
const roundsLeast = 5;

/** Read before anything is measured: a file that cannot be compared with must not be found out at the end. */
export function reportingOf({ rounds, json, compare }: Values): Reporting {
  const count = wholeNumber("rounds", rounds, roundsLeast, 1_000);
  if (compare === undefined) return { rounds: count, json, old: undefined };
  try {
    return { rounds: count, json, old: readResult(compare) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return refuse(`--compare ${error.message}`);
  }
}

export type Measured = {
  /** Of the command: `produce` for `npm run bench:produce`. */
  readonly bench: string;
  /** Of the servers. */
  readonly versions: Readonly<Record<string, string>>;
  readonly rows: readonly BenchRow[];
  /** Lines of text. */
  readonly notes?: readonly string[];
};

/** `now`: epoch ms. */
export function reportBench(measured: Measured, { json, old }: Reporting, now: number): void {
  const { bench, rows, notes = [] } = measured;
  const versions = { Node: process.versions.node, ...measured.versions };
  const result: BenchResult = { bench, machine: machine(), versions, rows: [...rows] };
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  console.log(`npm run bench:${bench}   ${new Date(now).toISOString()}`);
  console.log(`${result.machine}; ${named.join(", ")}`);
  for (const note of notes) console.log(note);
  console.log(rowTable(rows));
  if (old !== undefined) for (const line of comparison(old, result)) console.log(line);
  if (json) console.log(JSON.stringify(result));
}

function machine(): string {
  const [first] = cpus();
  const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GiB`;
  return `${cpus().length} × ${first?.model ?? "unknown CPU"}, ${memory}`;
}

/** A line a figure; its name only where it changes. */
function rowTable(rows: readonly BenchRow[]): string {
  const lines = rows.map(({ name, unit, median, min, max, runs }, index) => [
    name === rows[index - 1]?.name ? "" : name,
    unit,
    ...[median, min, max].map(figure),
    `${runs}`,
  ]);
  return columns([["", "", "median", "least", "most", "runs"], ...lines]);
}

/** Three digits at least. */
function figure(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString("en-US");
  return value.toFixed(value >= 10 ? 1 : 2);
}

function comparison(old: BenchResult, now: BenchResult): readonly string[] {
  const changes = compareResults(old, now);
  const left = now.rows.length - changes.length;
  return [
    "",
    ...foreign(old, now),
    columns([["against before", "", "new/old", "95 % interval", ""], ...changes.map(changeLine)]),
    ...(left === 0 ? [] : [`${left} rows were not measured then`]),
  ];
}

/** Why the two may differ for reasons that are none of ours. */
function foreign(old: BenchResult, now: BenchResult): readonly string[] {
  const versions = Object.keys(now.versions).filter(
    (name) => old.versions[name] !== now.versions[name],
  );
  return [
    ...(old.bench === now.bench ? [] : [`note: that result is of bench:${old.bench}`]),
    ...(old.machine === now.machine ? [] : [`note: it was measured on ${old.machine}`]),
    ...versions.map((name) => `note: ${name} was ${old.versions[name] ?? "not part of it"}`),
  ];
}

function changeLine({ name, unit, ratio, interval, change }: RowChange): readonly string[] {
  const range =
    interval === undefined ? "too few runs" : interval.map((end) => end.toFixed(3)).join(" to ");
  return [name, unit, ratio.toFixed(3), range, change];
}
