/**
 * The transactions of the pipeline's topics in the run folder. Older folders have none of these
 * files.
 */
import { join } from "node:path";
import { aggregatedSpec } from "./aggregated-rows.ts";
import { readJson, writeJson } from "./json-file.ts";
import { readTable, writeTable } from "./table-file.ts";
import { type TransactionFacts, transactionSpec } from "./transaction-rows.ts";

type TransactionsJson = {
  readonly schema: 1;
  readonly dropped: number;
  readonly abortedDropped: number;
  /** As in `topics.json`, of the aborted aggregates. */
  readonly deviceTexts: readonly (readonly [number, string])[];
};

export async function writeTransactionFacts(
  folder: string,
  { table, dropped, aborted, abortedDropped }: TransactionFacts,
): Promise<void> {
  await writeTable(join(folder, "transactions.rows"), table);
  await writeTable(join(folder, "aborted.rows"), aborted.table);
  const deviceTexts = [...aborted.deviceTexts];
  const json: TransactionsJson = { schema: 1, dropped, abortedDropped, deviceTexts };
  await writeJson(join(folder, "transactions.json"), json);
}

/** Errors: `FactsError`. */
export async function readTransactionFacts(folder: string): Promise<TransactionFacts> {
  const json = await readJson<TransactionsJson>(join(folder, "transactions.json"));
  return {
    table: await readTable(join(folder, "transactions.rows"), transactionSpec),
    dropped: json.dropped,
    aborted: {
      table: await readTable(join(folder, "aborted.rows"), aggregatedSpec),
      deviceTexts: new Map(json.deviceTexts),
    },
    abortedDropped: json.abortedDropped,
  };
}
