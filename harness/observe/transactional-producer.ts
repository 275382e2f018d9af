/** The producer id behind a transactional id, as the broker's transaction coordinator knows it. */
import { Connection, listTransactionsV1 } from "@platformatic/kafka";
import { StoreReadError } from "./store-error.ts";

/**
 * Undefined while no producer has taken the transactional id, or where another broker than the one that is asked
 * coordinates it: a stack has one broker. Source: KIP-664, ListTransactions. Errors: `StoreReadError`.
 */
export async function transactionalProducer(
  bootstrap: string,
  transactionalId: string,
): Promise<number | undefined> {
  const { hostname, port } = new URL(`kafka://${bootstrap}`);
  const connection = new Connection("fleetproof-replay");
  try {
    await connection.connect(hostname, Number(port));
    const { transactionStates } = await listTransactionsV1.api.async(connection, [], [], -1n, null);
    const found = transactionStates.find((each) => each.transactionalId === transactionalId);
    return found === undefined ? undefined : Number(found.producerId);
  } catch (error) {
    const why = `Kafka does not tell who writes as ${transactionalId}: ${(error as Error).message}`;
    throw new StoreReadError("unreachable", why, error);
  } finally {
    await connection.close();
  }
}
