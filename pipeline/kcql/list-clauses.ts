/**
 * Clauses with lists: PK, PARTITIONBY, DISTRIBUTEBY, CLUSTERBY, WITHKEY, WITHOFFSET, and SAMPLE
 * with its two numbers.
 */
import { anyWord, type Clause, maxInt, maxLong, readNumber } from "./clause.ts";
import { fieldOf } from "./column-field.ts";
import { readColumn, readList } from "./columns.ts";
import type { Draft, GenuineField } from "./genuine-statement.ts";
import { withoutBackticks } from "./names.ts";
import { isWord, type TokenReader } from "./token-reader.ts";

export const primaryKey: Clause = {
  keyword: "PK",
  read: (reader, draft) => {
    const keys: GenuineField[] = [];
    const seen = new Set<string>();
    readList(reader, () => {
      const column = readColumn(reader);
      const text = column.names.join(".");
      if (column.names.at(-1) === "*") {
        reader.note(column.first.at, "'*' is no primary key", "Name the fields.");
      }
      if (seen.has(text)) {
        reader.note(column.first.at, `'${text}' is named twice in PK`, "Name it once.");
      }
      seen.add(text);
      keys.push(fieldOf(reader, column));
    });
    draft.primaryKeys = keys;
  },
};

export const partitionBy: Clause = {
  keyword: "PARTITIONBY",
  read: (reader, draft) => {
    const seen = new Set<string>();
    const names: string[] = [];
    readList(reader, () => {
      const column = readColumn(reader);
      const text = column.names.join(".");
      if (seen.has(text.toLowerCase())) {
        const message = `PARTITIONBY names '${text}' twice`;
        reader.refuse(column.first, message, "Upper and lower case do not differ: name it once.");
      }
      seen.add(text.toLowerCase());
      names.push(text);
    });
    draft.partitionBy = names;
  },
};

export const distributeBy = buckets("DISTRIBUTEBY");
export const clusterBy = buckets("CLUSTERBY");

/** DISTRIBUTEBY and CLUSTERBY fill one list of names; the last number of buckets holds. */
function buckets(keyword: string): Clause {
  return {
    keyword,
    read: (reader, draft) => {
      const usage = `Write ${keyword} a, b INTO 4 BUCKETS.`;
      const names = [...(draft.bucketing?.names ?? [])];
      if (draft.bucketing !== null) {
        const message = `${keyword} adds to DISTRIBUTEBY's fields and replaces its number`;
        reader.note(reader.peek().at, message, "Keep one of the two.");
      }
      readList(reader, () => {
        names.push(reader.expectKind(["field"], `a field for ${keyword}`, usage).text);
      });
      reader.expect("INTO", usage);
      const counted = reader.peek();
      const number = readNumber(reader, `${keyword}'s number of buckets`, { min: 0n }, usage);
      reader.expect("BUCKETS", usage);
      if (number === 0 && !isWord(reader.peek(), "CLUSTERBY")) {
        reader.refuse(counted, `${keyword} into 0 buckets keeps nothing`, usage);
      }
      draft.bucketing = { names, number };
    },
  };
}

export const withKey: Clause = {
  keyword: "WITHKEY",
  read: (reader, draft) => {
    const usage = "Write WITHKEY(a, b).";
    const keys: string[] = [];
    reader.expect("(", usage);
    readList(reader, () => {
      keys.push(withoutBackticks(reader.expectKind(anyWord, "a field for WITHKEY", usage).text));
    });
    reader.expect(")", usage);
    draft.withKeys = keys;
  },
};

type PartitionOffset = { readonly partition: number; readonly offset: number | null };

export const withOffset: Clause = {
  keyword: "WITHOFFSET",
  read: (reader, draft) => {
    const offsets: PartitionOffset[] = [];
    readList(reader, () => offsets.push(readPartitionOffset(reader)));
    draft.other["withOffset"] = offsets;
  },
};

function readPartitionOffset(reader: TokenReader): PartitionOffset {
  const usage = "Write WITHOFFSET (partition, offset), ….";
  reader.expect("(", usage);
  const partition = readNumber(reader, "a partition", { min: 0n, max: maxInt }, usage);
  const hasOffset = reader.accept(",") !== undefined;
  const limits = { min: 0n, max: maxLong };
  const offset = hasOffset ? readNumber(reader, "an offset", limits, usage) : null;
  reader.expect(")", usage);
  return { partition, offset };
}

export const sample: Clause = {
  keyword: "SAMPLE",
  read: (reader: TokenReader, draft: Draft) => {
    const usage = "Write SAMPLE count EVERY count.";
    draft.other["sampleCount"] = readNumber(reader, "SAMPLE", {}, usage);
    reader.expect("EVERY", usage);
    draft.other["sampleRate"] = readNumber(reader, "SAMPLE's EVERY", {}, usage);
  },
};
