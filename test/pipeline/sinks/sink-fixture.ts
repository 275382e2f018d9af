/** What the contract suite needs of a store, real or in memory. Names are of this fixture's own; `close` deletes them. */
import type { Statement } from "../../../pipeline/kcql/statement.ts";
import type { Sink } from "../../../pipeline/sinks/sink.ts";

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
  readonly statement: Statement;
  /** A new sink on the store, not yet open. */
  readonly createSink: () => Sink;
  /** Everything stored, by `device@start`. */
  readonly read: () => Promise<ReadonlyMap<string, StoredRow>>;
  /** Where documents of this UTC day (yyyy-MM-dd) go. */
  readonly placeOf: (day: string) => string;
  /** Whether an older or equal version is answered `not-newer`; Cassandra acknowledges it. */
  readonly tellsNotNewer: boolean;
  /** The store answers nothing (`down`: and refuses connections), until undefined is set. */
  readonly fault: (fault: "down" | "hanging" | undefined) => void;
  /** Connections that sinks hold open. */
  readonly connections: () => number;
  readonly close: () => Promise<void>;
};
