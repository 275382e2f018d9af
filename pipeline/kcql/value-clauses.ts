/**
 * Clauses with a value of their own kind: a format, a delimiter, a time, a path, a name, one of a
 * few words. And the makings of those that set one property of a statement's `other`.
 */
import { readDotted } from "./bracket-clauses.ts";
import { type Clause, flag, maxLong, numberClause, wordClause } from "./clause.ts";
import type { Draft } from "./genuine-statement.ts";
import { readName, withoutBackticks } from "./names.ts";
import { isWord, nameOf, type TokenReader } from "./token-reader.ts";

const formats = ["AVRO", "TEXT", "BINARY", "JSON", "OBJECT", "MAP"];

export const withFormat: Clause = {
  keyword: "WITHFORMAT",
  read: (reader, draft) => {
    const format = formats.find((known) => isWord(reader.peek(), known));
    if (format === undefined) {
      const message = `expected a format, found ${nameOf(reader.peek())}`;
      reader.refuse(reader.peek(), message, `Write WITHFORMAT and one of ${formats.join(", ")}.`);
    }
    reader.take();
    draft.other["format"] = format;
  },
};

export const keyDelimiter: Clause = {
  keyword: "KEYDELIMITER",
  read: (reader, draft) => {
    const usage = "Write KEYDELIMITER=| or another of | # ^ * ? $.";
    reader.expect("=", usage);
    const token = reader.expectKind(["junk"], "a delimiter", usage);
    const delimiter = token.text.replaceAll("`", "");
    if (delimiter === "") reader.refuse(token, "the delimiter is empty", usage);
    if (delimiter !== ".") draft.other["keyDelimiter"] = delimiter;
  },
};

export const withTimestamp: Clause = {
  keyword: "WITHTIMESTAMP",
  read: (reader, draft) => {
    const now = reader.accept("SYS_TIME()");
    draft.timestamp = now === undefined ? readTimestamp(reader) : now.text.toLowerCase();
  },
};

function readTimestamp(reader: TokenReader): string {
  const usage = "Write WITHTIMESTAMP field, or WITHTIMESTAMP sys_time().";
  const token = reader.expectKind(["field"], "a field for WITHTIMESTAMP", usage);
  if (reader.touches()) {
    const message = `WITHTIMESTAMP takes one name: only '${token.text}' is kept of it`;
    reader.note(reader.peek().at, message, "Name a field at the top.");
  }
  return token.text;
}

export const withTarget: Clause = {
  keyword: "WITHTARGET",
  read: (reader, draft) => {
    reader.expect("=", "Write WITHTARGET=field.");
    draft.dynamicTarget = readDotted(reader, "many", "a field for WITHTARGET");
  },
};

export const withPipeline: Clause = {
  keyword: "WITHPIPELINE",
  read: (reader, draft) => {
    reader.expect("=", "Write WITHPIPELINE=name.");
    draft.pipeline = readName(reader, "pipeline");
  },
};

export function other(keyword: string, property: string): Clause {
  return flag(keyword, (draft) => {
    draft.other[property] = true;
  });
}

export function otherLong(keyword: string, property: string): Clause {
  return numberClause(keyword, { max: maxLong }, (draft, value) => {
    draft.other[property] = value;
  });
}

export function otherWord(
  keyword: string,
  property: string,
  kinds: Parameters<typeof wordClause>[1],
  equals: "=" | " " = "=",
): Clause {
  const set = (draft: Draft, { text }: { readonly text: string }): void => {
    draft.other[property] = property === "incrementalMode" ? text : withoutBackticks(text);
  };
  return wordClause(keyword, kinds, set, equals);
}

export function oneOf(
  keyword: string,
  values: readonly string[],
  set: (draft: Draft, value: string) => void,
): Clause {
  return wordClause(keyword, ["field"], (draft, token, reader) => {
    const value = token.text.toUpperCase();
    if (!values.includes(value)) {
      reader.refuse(
        token,
        `'${token.text}' is no value of ${keyword}`,
        `Write one of ${values.join(", ")}.`,
      );
    }
    set(draft, value);
  });
}
