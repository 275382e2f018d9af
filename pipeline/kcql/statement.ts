/** What a KCQL statement says to the sinks, once parsed. The grammar is that of the genuine parser 2.8.7. */

/** Names from the outside in: `a.b.c` is ["a", "b", "c"]. */
export type Path = readonly string[];

/**
 * Where in a record a path begins: its value, its key, its headers (`_key.x`, `_header.x` in strict mode), or what
 * Kafka says of it (`_.topic`, `_.partition`, `_.offset`, `_.timestamp`: one name each).
 */
export type FieldFrom = "value" | "key" | "header" | "meta";

export type FieldRef = {
  readonly from: FieldFrom;
  /** Below `from`; empty is the whole key. The last name may be `*` in SELECT: all children of the object before it. */
  readonly path: Path;
};

export type Column = FieldRef & {
  /** Name in the target; without AS the last name of the path. */
  readonly alias: string;
};

export type Statement = {
  readonly mode: "INSERT" | "UPSERT";
  readonly target: string;
  readonly topic: string;
  readonly columns: readonly Column[];
  /** IGNORE: left out of what `columns` select; the last name may be `*`. */
  readonly ignored: readonly FieldRef[];
  /** Paths into the record, not into the projection. Empty when the statement names none. */
  readonly primaryKey: readonly FieldRef[];
  readonly autoCreate: boolean;
  /** WITHSTRUCTURE: nesting is kept; otherwise the projection flattens. */
  readonly withStructure: boolean;
  /** BATCH: records of one request to the store; undefined: the config's. */
  readonly batchSize: number | undefined;
  /** Text and `{date pattern}` parts, unformatted; see `index-suffix.ts`. */
  readonly indexSuffix: string | undefined;
  readonly ttlSeconds: number | undefined;
  /** WITHPIPELINE: an ingest pipeline of Elasticsearch. */
  readonly pipeline: string | undefined;
  /** Keywords of the clauses that were said and that nothing above carries, as in `STOREAS`: no sink acts on them. */
  readonly others: readonly string[];
};

/** Why a text was refused. `line` and `column` count from 1, `offset` from 0 in characters. */
export type KcqlFault = {
  readonly message: string;
  /** What to write instead, or what to do; a whole sentence or a piece of KCQL. */
  readonly suggestion: string | undefined;
  readonly offset: number;
  readonly line: number;
  readonly column: number;
};

/** Is this `SELECT *` and nothing else, which leaves the value as it is (but for IGNORE)? */
export function selectsAll(columns: readonly Column[]): boolean {
  const [first, ...more] = columns;
  if (first === undefined || more.length > 0 || first.from !== "value") return false;
  return first.path.length === 1 && first.path[0] === "*";
}
