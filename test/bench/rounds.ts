/** Measures contestants in interleaved rounds, so that whatever else the machine does meets them all. */
import { type BenchRow, rowOf } from "./bench-result.ts";
import { say } from "./say.ts";

export type Round = {
  readonly perSecond: number;
  /** µs of CPU a record, of the process that does the work. */
  readonly clientCpu: number;
  /** µs of CPU a record of the broker, where there is one. */
  readonly brokerCpu?: number;
};

export type Contestants<T = Round> = Readonly<Record<string, () => Promise<T>>>;

/** One uncounted round first: the compilers' time is nobody's throughput. */
export async function measure<T extends Pick<Round, "perSecond">>(
  contestants: Contestants<T>,
  times: number,
): Promise<ReadonlyMap<string, readonly T[]>> {
  const measured = new Map<string, T[]>(Object.keys(contestants).map((name) => [name, []]));
  for (let round = 0; round <= times; round++) {
    for (const [name, act] of Object.entries(contestants)) {
      const result = await act();
      const which = round === 0 ? "warm-up, not counted" : `round ${round} of ${times}`;
      say(`${which}: ${name}: ${Math.round(result.perSecond).toLocaleString("en")} records/s`);
      if (round > 0) measured.get(name)!.push(result);
    }
  }
  return measured;
}

/** A row for each figure of each contestant. */
export function rowsOf(measured: ReadonlyMap<string, readonly Round[]>): readonly BenchRow[] {
  return [...measured].flatMap(([name, rounds]) => {
    const figures = [
      { unit: "records/s", better: "more", values: rounds.map(({ perSecond }) => perSecond) },
      {
        unit: "client µs of CPU a record",
        better: "less",
        values: rounds.map(({ clientCpu }) => clientCpu),
      },
      {
        unit: "broker µs of CPU a record",
        better: "less",
        values: rounds.flatMap(({ brokerCpu }) => brokerCpu ?? []),
      },
    ] as const;
    return figures.flatMap(({ unit, better, values }) =>
      values.length === 0 ? [] : [rowOf({ name, unit, better, values })],
    );
  });
}
