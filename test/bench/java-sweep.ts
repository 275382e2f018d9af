/** Which settings make Kafka's own producer fastest here: a short round of each, so that it competes at its best. */
import { columns } from "../prove/columns.ts";
import { say } from "./say.ts";

type Setting = {
  readonly batchBytes: number;
  readonly lingerMs: number;
  readonly bufferMiB: number;
};

/** Kafka's defaults are the first of each. */
const batchBytes = [16_384, 131_072, 1_000_000];
const lingerMs = [5, 0, 20];
const bufferMiB = [32, 128];

const settings: readonly Setting[] = batchBytes.flatMap((batchBytes) =>
  lingerMs.flatMap((lingerMs) =>
    bufferMiB.map((bufferMiB) => ({ batchBytes, lingerMs, bufferMiB })),
  ),
);

export type Sweep = {
  /** Of the producer, `key=value`. */
  readonly best: readonly string[];
  /** Lines of text: records/s of every setting in its first round. */
  readonly table: string;
};

/** Rounds before those that count, for the compiler. */
const warmUps = 3;
/** The fastest of the first round, which one round tells apart poorly, play more. */
const finalists = 3;
const finalRounds = 2;

/** `produce`: a round with these properties; returns records/s. */
export async function sweepSettings(
  produce: (properties: readonly string[]) => Promise<number>,
): Promise<Sweep> {
  say(`looking for the Java producer's best settings among ${settings.length}`);
  for (let i = 0; i < warmUps; i++) await produce(propertiesOf(settings[0]!));
  const rates: number[] = [];
  for (const setting of settings) rates.push(await produce(propertiesOf(setting)));
  const table = tableOf(rates);
  const sums = new Map(
    rates
      .map((rate, index) => [settings[index]!, rate] as const)
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, finalists),
  );
  for (let round = 0; round < finalRounds; round++) {
    for (const [setting, sum] of sums) {
      sums.set(setting, sum + (await produce(propertiesOf(setting))));
    }
  }
  const [best] = [...sums].reduce((a, b) => (b[1] > a[1] ? b : a));
  return { best: propertiesOf(best), table };
}

function propertiesOf({ batchBytes, lingerMs, bufferMiB }: Setting): readonly string[] {
  return [
    `batch.size=${batchBytes}`,
    `linger.ms=${lingerMs}`,
    `buffer.memory=${bufferMiB * 2 ** 20}`,
  ];
}

/** A line a batch size, a column for every linger and buffer. */
function tableOf(rates: readonly number[]): string {
  const perLine = lingerMs.length * bufferMiB.length;
  const heads = settings
    .slice(0, perLine)
    .map(({ lingerMs, bufferMiB }) => `linger ${lingerMs} ms, ${bufferMiB} MiB`);
  const lines = batchBytes.map((bytes, index) => [
    bytes.toLocaleString("en"),
    ...rates
      .slice(index * perLine, (index + 1) * perLine)
      .map((rate) => Math.round(rate).toLocaleString("en")),
  ]);
  return columns([["batch.size", ...heads], ...lines]);
}
