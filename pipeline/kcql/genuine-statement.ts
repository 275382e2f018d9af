/**
 * A statement as the genuine parser (`com.datamountaineer:kcql:2.8.7`) gives it, by the names of
 * its properties: what compat mode must reproduce, and what both modes' `Statement` is made from.
 */

export type FieldType = "VALUE" | "KEY" | "TOPIC" | "PARTITION" | "OFFSET" | "TIMESTAMP";

/** `a.b.c` is the name `c` with the parents `a` and `b`; without parents, null. */
export type GenuineField = {
  readonly name: string;
  readonly alias: string;
  readonly parentFields: readonly string[] | null;
  readonly fieldType: FieldType;
};

export type Tag = {
  readonly key: string;
  readonly value: string | null;
  readonly type: "DEFAULT" | "CONSTANT" | "ALIAS";
};

export type GenuineStatement = {
  /**
   * Null for a bare SELECT, and for `UPSERT PK x INTO`, of which the genuine parser forgets the
   * mode.
   */
  writeMode: "INSERT" | "UPSERT" | "UPDATE" | null;
  target: string | null;
  source: string;
  fields: readonly GenuineField[];
  ignoredFields: readonly GenuineField[];
  primaryKeys: readonly GenuineField[];
  autoCreate: boolean;
  autoEvolve: boolean;
  /** WITHSTRUCTURE. */
  retainStructure: boolean;
  batchSize: number;
  limit: number;
  readonly retries: 1;
  /** Seconds; above 2^53 rounded to a double. */
  ttl: number;
  docType: string | null;
  indexSuffix: string | null;
  timestamp: string | null;
  timestampUnit: string;
  partitionBy: readonly string[];
  /** DISTRIBUTEBY and CLUSTERBY, which share one list. */
  bucketing: { readonly names: readonly string[]; readonly number: number } | null;
  storedAs: string | null;
  storedAsParameters: Readonly<Record<string, string>>;
  /** WITHTARGET. */
  dynamicTarget: string | null;
  withKeys: readonly string[] | null;
  tags: readonly Tag[] | null;
  pipeline: string | null;
};

/**
 * A statement in the making: properties without a place of their own are in `other`, when not their
 * default.
 */
export type Draft = GenuineStatement & { readonly other: Record<string, unknown> };

export function newDraft(): Draft {
  return {
    writeMode: null,
    target: null,
    source: "",
    fields: [],
    ignoredFields: [],
    primaryKeys: [],
    autoCreate: false,
    autoEvolve: false,
    retainStructure: false,
    batchSize: 0,
    limit: 0,
    retries: 1,
    ttl: 0,
    docType: null,
    indexSuffix: null,
    timestamp: null,
    timestampUnit: "MILLISECONDS",
    partitionBy: [],
    bucketing: null,
    storedAs: null,
    storedAsParameters: {},
    dynamicTarget: null,
    withKeys: null,
    tags: null,
    pipeline: null,
    other: {},
  };
}
