/** Measures contestants in interleaved rounds, so that whatever else the machine does meets them all, and prints them side by side. */
import { columns } from "../prove/columns.ts";
import { say } from "./say.ts";

export type Round = {
  readonly perSecond: number;
  /** µs of CPU a record, of the process that does the work. */
  readonly clientCpu: number;
  /** µs of CPU a record of the broker, where there is one. */
  readonly brokerCpu?: number;
};

export type Contestants = Readonly<Record<string, () => Promise<Round>>>;

/** One uncounted round first: the compilers' time is nobody's throughput. */
export async function measure(
  contestants: Contestants,
  times: number,
): Promise<ReadonlyMap<string, readonly Round[]>> {
  const measured = new Map<string, Round[]>(Object.keys(contestants).map((name) => [name, []]));
  for (let round = 0; round <= times; round++) {
    for (const [name, act] of Object.entries(contestants)) {
      const result = await act();
      const which = round === 0 ? "warm-up, not counted" : `round ${round} of ${times}`;
      say(`${which}: ${name}: ${grouped(result.perSecond)} records/s`);
      if (round > 0) measured.get(name)!.push(result);
    }
  }
  return measured;
}

/** A line a contestant: median (least to most) of each figure. */
export function table(measured: ReadonlyMap<string, readonly Round[]>): string {
  const rows = [...measured].map(([name, rounds]) => [
    name,
    spread(rounds, ({ perSecond }) => perSecond, grouped),
    spread(rounds, ({ clientCpu }) => clientCpu, hundredths),
    spread(rounds, ({ brokerCpu }) => brokerCpu, hundredths),
  ]);
  const count = [...measured.values()][0]?.length ?? 0;
  const heading = [
    `median (least to most) of ${count}`,
    "records/s",
    "client µs of CPU a record",
    "broker µs of CPU a record",
  ];
  return columns([heading, ...rows]);
}

function spread(
  rounds: readonly Round[],
  figure: (round: Round) => number | undefined,
  text: (value: number) => string,
): string {
  const sorted = rounds.flatMap((round) => figure(round) ?? []).toSorted((a, b) => a - b);
  const [least] = sorted;
  if (least === undefined) return "–";
  return `${text(sorted[sorted.length >> 1]!)} (${text(least)} to ${text(sorted.at(-1)!)})`;
}

function grouped(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

function hundredths(value: number): string {
  return value.toFixed(2);
}
