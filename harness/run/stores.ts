/**
 * The stores of a run, by name: how each is read, asked for evidence, and polled for visibility. Of the run's own
 * indices and table, or of those that another job fills (`target`).
 */
import type { Clock } from "../../simulator/clock.ts";
import { cassandraEvidence } from "../observe/cassandra-evidence.ts";
import { cassandraPoll } from "../observe/cassandra-poll.ts";
import { readCassandra } from "../observe/cassandra-scan.ts";
import { elasticsearchEvidence } from "../observe/elasticsearch-evidence.ts";
import { elasticsearchGetPoll, type GetPoll } from "../observe/elasticsearch-get-poll.ts";
import { elasticsearchPoll } from "../observe/elasticsearch-poll.ts";
import { readElasticsearch } from "../observe/elasticsearch-scan.ts";
import type { RevisionPoll } from "../observe/revision-probe.ts";
import type { StoreEvidence } from "../observe/store-evidence.ts";
import type { ScanTaker } from "../observe/take-scan.ts";
import type { StoreTarget } from "../replay/new-store-names.ts";
import { deleteIndices, truncateTable } from "../replay/wipe-store.ts";
import type { StoreName } from "../scenario/scenario.ts";
import type { StackAddresses } from "../stack/running-stack.ts";
import type { RunContext } from "./run-context.ts";

/** What of a run must be known to look into its stores: also when it is over. */
export type StoreContext = Pick<
  RunContext,
  "names" | "stack" | "scenario" | "plan" | "signal" | "jobs"
>;

export type StoreAccess = {
  /** Every row, to the taker. Returns the fewest writes that they can have been, where the store does not count rows. */
  readonly read: (
    taker: ScanTaker,
    onProgress: (rows: number) => void,
  ) => Promise<number | undefined>;
  readonly evidence: () => Promise<StoreEvidence>;
  readonly poll: () => RevisionPoll;
  /** Of a store that gives a row by its key sooner than it shows it. */
  readonly pollById?: (clock: Clock) => GetPoll;
};

export function storeAccess(
  context: Omit<StoreContext, "jobs">,
  store: StoreName,
  target: StoreTarget = context.names,
): StoreAccess {
  const { stack, scenario, signal } = context;
  const mapping = scenario.stores[store];
  const read: StoreAccess["read"] = (taker, onProgress) =>
    readStore(store, { stack, target, signal, onProgress }, taker);
  if (store === "elasticsearch") {
    const at = { node: stack.elasticsearch.node, indices: target.indices };
    return {
      read,
      evidence: () => elasticsearchEvidence({ ...at, signal }),
      poll: () => elasticsearchPoll({ ...at, mapping }),
      pollById: (clock) => elasticsearchGetPoll({ ...at, mapping, clock }),
    };
  }
  const { contactPoint, port, localDataCenter } = stack.cassandra;
  const { keyspace, table } = target;
  const at = { contactPoint, port, localDataCenter, keyspace, table };
  return {
    read,
    evidence: () => cassandraEvidence(at),
    poll: () => cassandraPoll({ ...at, mapping }),
  };
}

/** As `StoreAccess.read`. Errors: `StoreReadError` when the store does not answer whole; the signal's reason. */
export async function readStore(
  store: StoreName,
  options: {
    readonly stack: Pick<StackAddresses, "elasticsearch" | "cassandra">;
    readonly target: StoreTarget;
    readonly signal: AbortSignal;
    readonly onProgress: (rows: number) => void;
  },
  taker: ScanTaker,
): Promise<number | undefined> {
  const { stack, target, ...asked } = options;
  if (store === "elasticsearch") {
    const at = { node: stack.elasticsearch.node, indices: target.indices };
    await readElasticsearch({ ...asked, ...at }, taker);
    return undefined;
  }
  const { contactPoint, port, localDataCenter } = stack.cassandra;
  const { keyspace, table } = target;
  return readCassandra({ ...asked, contactPoint, port, localDataCenter, keyspace, table }, taker);
}

/** Takes everything of this run out of a store; its job must stand still. Errors: `ReplayError`. */
export async function wipeStore(
  { names, stack, signal }: Pick<StoreContext, "names" | "stack" | "signal">,
  store: StoreName,
): Promise<void> {
  const { indices, keyspace, table } = names;
  if (store === "elasticsearch") {
    return deleteIndices({ node: stack.elasticsearch.node, indices, signal });
  }
  const { contactPoint, port, localDataCenter } = stack.cassandra;
  return truncateTable({ contactPoint, port, localDataCenter, keyspace, table });
}

/** Errors: `StoreReadError` when one of them does not answer. */
export async function evidenceOfStores(
  context: StoreContext,
  target?: StoreTarget,
): Promise<ReadonlyMap<StoreName, StoreEvidence>> {
  const found = context.jobs.map(
    async ({ store }) => [store, await storeAccess(context, store, target).evidence()] as const,
  );
  return new Map(await Promise.all(found));
}
