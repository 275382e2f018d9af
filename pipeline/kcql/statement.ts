/** What a KCQL statement says, once parsed. The grammar is that of the genuine parser, a subset of it so far. */

/** Names from the outside in: `a.b.c` is ["a", "b", "c"]. */
export type Path = readonly string[];

export type Column = {
  /** The last name may be `*`: all children of the object before it. */
  readonly path: Path;
  /** Name in the target; without AS the last name of the path. */
  readonly alias: string;
};

export type Statement = {
  readonly mode: "INSERT" | "UPSERT";
  readonly target: string;
  readonly topic: string;
  readonly columns: readonly Column[];
  /** Paths into the record's value, not into the projection. Empty when the statement names none. */
  readonly primaryKey: readonly Path[];
  readonly autoCreate: boolean;
  /** Text and `{date pattern}` parts, unformatted; see `index-suffix.ts`. */
  readonly indexSuffix: string | undefined;
  readonly ttlSeconds: number | undefined;
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

/** Is this `SELECT *` and nothing else, which leaves the document as it is? */
export function selectsAll(columns: readonly Column[]): boolean {
  return columns.length === 1 && columns[0]!.path.length === 1 && columns[0]!.path[0] === "*";
}
