/** What the dead-letter topics held, in the run folder: rows, and what is no number beside them. */
import { join } from "node:path";
import { type DeadLetterRows, deadLetterSpec } from "./dead-letter-rows.ts";
import { readJson, writeJson } from "./json-file.ts";
import { readTable, writeTable } from "./table-file.ts";

type DeadLettersJson = {
  readonly schema: 1;
  readonly store: string;
  readonly topic: string;
  readonly reasons: readonly (readonly [text: string, count: number])[];
};

const nameOf = (store: string): string => `dead-letters-${store}`;

export async function writeDeadLetters(folder: string, rows: DeadLetterRows): Promise<void> {
  const { store, topic, table, reasons } = rows;
  await writeTable(join(folder, `${nameOf(store)}.rows`), table);
  const json: DeadLettersJson = { schema: 1, store, topic, reasons: [...reasons] };
  await writeJson(join(folder, `${nameOf(store)}.json`), json);
}

/** Errors: `FactsError`. */
export async function readDeadLetters(folder: string, store: string): Promise<DeadLetterRows> {
  const json = await readJson<DeadLettersJson>(join(folder, `${nameOf(store)}.json`));
  const table = await readTable(join(folder, `${nameOf(store)}.rows`), deadLetterSpec);
  const { topic, reasons } = json;
  return { store, topic, table, reasons: new Map(reasons) };
}
