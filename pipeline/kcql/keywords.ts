/**
 * The reserved words of KCQL 2.8.7. They count only when all lower or all UPPER case: `Insert` is a
 * plain word.
 */

const words = new Set(
  `insert upsert update into select from ignore as autocreate autoevolve clusterby buckets batch
  capitalize initialize partitionby distributeby withtimestamp withgroup withoffset withtag withkey
  keydelimiter withstructure withtype pk sample every withformat withunwrap projectto storeas limit
  incrementalmode withdoctype withindexsuffix withconverter withjmsselector withtarget
  withcompression withpartitioner withsubscription timestampunit withpipeline withdelay withregex
  with_flush_interval with_flush_size with_flush_count with_schema_evolution with_table_location
  with_overwrite with_partitioning with_session ttl with_ack with_encode_base64 with_lock_time
  avro text binary json object map`.split(/\s+/),
);

/** Does this word have a meaning of its own in KCQL? Then it names no field. */
export function isKeyword(word: string): boolean {
  const lower = word.toLowerCase();
  return (
    words.has(lower) && (word === lower || word === word.toUpperCase() || word === "projectTo")
  );
}

/** Would this word be a keyword in another case? Then it is most likely meant to be one. */
export function isMiscasedKeyword(word: string): boolean {
  return words.has(word.toLowerCase()) && !isKeyword(word);
}
