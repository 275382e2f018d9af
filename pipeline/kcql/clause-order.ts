/**
 * What may follow the topic (and IGNORE), in the one order in which the genuine parser reads it,
 * each at most once: it drops the others, or any out of order, in silence.
 * Source: the grammar within `com.datamountaineer:kcql:2.8.7`.
 */
import { storeAs, withTag } from "./bracket-clauses.ts";
import {
  anyWord,
  type Clause,
  flag,
  maxLong,
  numberClause,
  topicName,
  wordClause,
} from "./clause.ts";
import { withIndexSuffix } from "./index-suffix-clause.ts";
import {
  clusterBy,
  distributeBy,
  partitionBy,
  primaryKey,
  sample,
  withKey,
  withOffset,
} from "./list-clauses.ts";
import { withoutBackticks } from "./names.ts";
import {
  keyDelimiter,
  oneOf,
  other,
  otherLong,
  otherWord,
  withFormat,
  withPipeline,
  withTarget,
  withTimestamp,
} from "./value-clauses.ts";

const timeUnits = "NANOSECONDS MICROSECONDS MILLISECONDS SECONDS MINUTES HOURS DAYS".split(" ");
const compressions = ["SNAPPY", "GZIP", "LZ4", "ZLIB", "BZIP2", "LZO"];

const withStructure = flag("WITHSTRUCTURE", (draft) => {
  draft.retainStructure = true;
});
const withUnwrap = other("WITHUNWRAP", "unwrap");
const limit = numberClause("LIMIT", { equals: false, unit: "records" }, (draft, value) => {
  draft.limit = value;
});
const ttl = numberClause("TTL", { max: maxLong, unit: "seconds" }, (draft, value) => {
  draft.ttl = value;
});
const withDocType = wordClause("WITHDOCTYPE", anyWord, (draft, { text }) => {
  draft.docType = withoutBackticks(text);
});
const incrementalMode = otherWord("INCREMENTALMODE", "incrementalMode", ["field", ...topicName]);
const withConverter = otherWord("WITHCONVERTER", "withConverter", topicName);
const withSession = otherWord("WITH_SESSION", "withSession", ["field"]);

export const insertClauses: readonly Clause[] = [
  flag("AUTOCREATE", (draft) => {
    draft.autoCreate = true;
  }),
  withStructure,
  primaryKey,
  withTarget,
  flag("AUTOEVOLVE", (draft) => {
    draft.autoEvolve = true;
  }),
  numberClause("BATCH", { unit: "records" }, (draft, value) => {
    draft.batchSize = value;
  }),
  other("CAPITALIZE", "capitalize"),
  other("INITIALIZE", "initialize"),
  numberClause("PROJECTTO", { equals: false, unit: "version" }, (draft, value) => {
    draft.other["projectTo"] = value;
  }),
  partitionBy,
  distributeBy,
  clusterBy,
  withTimestamp,
  oneOf("TIMESTAMPUNIT", timeUnits, (draft, unit) => {
    draft.timestampUnit = unit;
  }),
  withFormat,
  withUnwrap,
  storeAs,
  withTag,
  incrementalMode,
  otherWord("WITHTYPE", "withType", ["field"], " "),
  withDocType,
  withIndexSuffix,
  ttl,
  withConverter,
  otherWord("WITHJMSSELECTOR", "withJmsSelector", topicName),
  withKey,
  keyDelimiter,
  withPipeline,
  otherWord("WITHPARTITIONER", "withPartitioner", ["field"]),
  otherWord("WITHSUBSCRIPTION", "withSubscription", ["field"]),
  oneOf("WITHCOMPRESSION", compressions, (draft, compression) => {
    draft.other["withCompression"] = compression;
  }),
  numberClause("WITHDELAY", { min: 0n }, (draft, value) => {
    if (value !== 0) draft.other["withDelay"] = value;
  }),
  otherWord("WITHREGEX", "withRegex", topicName),
  otherLong("WITH_FLUSH_SIZE", "withFlushSize"),
  otherLong("WITH_FLUSH_INTERVAL", "withFlushInterval"),
  otherLong("WITH_FLUSH_COUNT", "withFlushCount"),
  oneOf("WITH_SCHEMA_EVOLUTION", ["MATCH", "IGNORE", "ADD"], (draft, evolution) => {
    if (evolution !== "MATCH") draft.other["withSchemaEvolution"] = evolution;
  }),
  otherWord("WITH_TABLE_LOCATION", "withTableLocation", topicName),
  other("WITH_OVERWRITE", "withOverwrite"),
  oneOf("WITH_PARTITIONING", ["STRICT", "DYNAMIC"], (draft, strategy) => {
    draft.other["withPartitioning"] = strategy;
  }),
  limit,
  withSession,
  other("WITH_ACK", "withAck"),
  other("WITH_ENCODE_BASE64", "withEncodeBase64"),
  otherLong("WITH_LOCK_TIME", "withLockTime"),
];

/** After a SELECT without INSERT, UPSERT or UPDATE before it. */
export const selectClauses: readonly Clause[] = [
  primaryKey,
  withStructure,
  withFormat,
  withUnwrap,
  otherWord("WITHGROUP", "withGroup", anyWord, " "),
  withOffset,
  sample,
  limit,
  storeAs,
  withTag,
  incrementalMode,
  withDocType,
  withIndexSuffix,
  withConverter,
  keyDelimiter,
  ttl,
  withSession,
];
