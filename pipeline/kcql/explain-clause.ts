/** What each clause of a statement does here, in words. */
import type { Draft, GenuineField } from "./genuine-statement.ts";

const sentences: Readonly<Record<string, (draft: Draft) => string>> = {
  IGNORE: ({ ignoredFields }) => `leaves out ${pathsOf(ignoredFields)}`,
  AUTOCREATE: () => "the target is created if it is not there",
  WITHSTRUCTURE: () => "nested fields stay nested instead of being lifted to the top",
  PK: ({ primaryKeys }) =>
    `a record is known by ${pathsOf(primaryKeys)}: sent again, it overwrites itself`,
  BATCH: ({ batchSize }) => `at most ${batchSize} records in one request to the store`,
  WITHINDEXSUFFIX: ({ indexSuffix }) =>
    `'${indexSuffix}' is added to the index's name; what is in braces is a date, in UTC`,
  TTL: ({ ttl }) => `what is written is forgotten ${duration(ttl)} after the record's own time`,
  WITHPIPELINE: ({ pipeline }) => `through the ingest pipeline '${pipeline}' of Elasticsearch`,
};

export function explainClause(keyword: string, draft: Draft): string {
  const sentence = Object.hasOwn(sentences, keyword) ? sentences[keyword] : undefined;
  return sentence === undefined ? "no sink here acts on this clause" : sentence(draft);
}

function pathsOf(fields: readonly GenuineField[]): string {
  return fields
    .map(({ name, parentFields, fieldType }) => {
      const path = [...(parentFields ?? []), name].join(".");
      if (fieldType === "KEY") return `${path} of the record's key`;
      return fieldType === "VALUE" ? path : `the record's ${name} in Kafka`;
    })
    .join(" and ");
}

const units = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

/** In the largest unit that divides it. */
function duration(seconds: number): string {
  const [unit, size] = units.find(([, each]) => seconds % each === 0)!;
  const count = seconds / size;
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
