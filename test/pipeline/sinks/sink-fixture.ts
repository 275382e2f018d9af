/** What the contract suite needs of a store, real or in memory. Names are of this fixture's own; `close` deletes them. */
import type { Statement } from "../../../pipeline/kcql/statement.ts";
import type { Sink } from "../../../pipeline/sinks/sink.ts";

/** What is different from store to store, the real one and the one in memory alike. */
export type SinkTraits = {
  /** Whether an older or equal version is answered `not-newer`; Cassandra acknowledges it. */
  readonly tellsNotNewer: boolean;
  /** A `home` of so many letters is more than the store takes. */
  readonly tooLong: number;
  /** What becomes of data past their days: the job retires indices, rows expire by themselves. */
  readonly aging: "retires" | "expires";
};

/** Data are past their days after so many. */
export const agingDays = 7;

export const elasticsearchTraits: SinkTraits = {
  tellsNotNewer: true,
  tooLong: 40_000, // A keyword holds 32,766 bytes.
  aging: "retires",
};

export const cassandraTraits: SinkTraits = {
  tellsNotNewer: false,
  tooLong: 17 * 1024 * 1024, // A mutation holds half a segment of the commit log, 16 MiB.
  aging: "expires",
};

/** One document or row, as the store holds it. */
export type StoredRow = {
  readonly device: string;
  readonly start: number;
  readonly count: number;
  readonly sum: number;
  readonly mean: number;
  readonly digest: string;
  readonly home: string | undefined;
  /** The index, or the day column. */
  readonly place: string;
};

export type SinkFixture = {
  /** An INSERT. */
  readonly statement: Statement;
  /** An UPSERT of the same columns into another target. */
  readonly second: Statement;
  /** A third target, whose data are past their days after `agingDays`: they are deleted, or expire. */
  readonly aging: Statement;
  /** A new sink on the store, not yet open, for the three statements. Without `now` it is `midnight` for it. */
  readonly createSink: (now?: () => number) => Sink;
  /** Everything stored in the statement's target, by `device@start`. */
  readonly read: (from: Statement) => Promise<ReadonlyMap<string, StoredRow>>;
  /** Where documents of `statement` and this UTC day (yyyy-MM-dd) go. */
  readonly placeOf: (day: string) => string;
  /** The store answers nothing (`down`: and refuses connections), until undefined is set. */
  readonly fault: (fault: "down" | "hanging" | undefined) => void;
  /** The store answers, until false is set, that it takes no writes for now. */
  readonly refuse: (on: boolean) => Promise<void>;
  /** Connections that sinks hold open. */
  readonly connections: () => number;
  readonly close: () => Promise<void>;
};
