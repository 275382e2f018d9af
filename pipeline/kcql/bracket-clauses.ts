/** STOREAS with its parameters, and WITHTAG: clauses with `name = value` in brackets. */
import { type Clause, noteCut, readWord, topicName } from "./clause.ts";
import { readList } from "./columns.ts";
import type { Tag } from "./genuine-statement.ts";
import type { Token } from "./lexer.ts";
import { isWord, type TokenReader } from "./token-reader.ts";

export const storeAs: Clause = {
  keyword: "STOREAS",
  read: (reader, draft) => {
    draft.storedAs = readDotted(reader, "one", "a type for STOREAS");
    const parameters: Record<string, string> = {};
    const seen = new Set<string>();
    while (reader.accept("(") !== undefined) {
      readList(reader, () => {
        const first = reader.peek();
        const name = readDotted(reader, "one", "a parameter of STOREAS");
        if (seen.has(name.toLowerCase())) {
          reader.refuse(
            first,
            `STOREAS names '${name}' twice`,
            "Upper and lower case do not differ.",
          );
        }
        seen.add(name.toLowerCase());
        reader.expect("=", "Write STOREAS type(name=value, …).");
        Object.defineProperty(parameters, name, {
          value: readValue(reader, "a value for STOREAS"),
          enumerable: true,
        });
      });
      reader.expect(")", "Write STOREAS type(name=value, …).");
    }
    draft.storedAsParameters = parameters;
  },
};

export const withTag: Clause = {
  keyword: "WITHTAG",
  read: (reader, draft) => {
    const usage = "Write WITHTAG(field, name=constant, field AS name).";
    const tags: Tag[] = [];
    reader.expect("(", usage);
    readList(reader, () => tags.push(readTag(reader)));
    reader.expect(")", usage);
    draft.tags = tags;
  },
};

function readTag(reader: TokenReader): Tag {
  const first = reader.peek();
  const key = readDotted(reader, "many", "a field for WITHTAG");
  if (key.endsWith(".")) reader.refuse(first, `the tag '${key}' ends in a dot`, "Name the field.");
  if (reader.accept("=") !== undefined) {
    return { key, value: readValue(reader, "a constant for WITHTAG"), type: "CONSTANT" };
  }
  const as = reader.accept("AS");
  if (as === undefined) return { key, value: null, type: "DEFAULT" };
  const value = readValue(reader, "an alias for WITHTAG");
  // The genuine parser takes the key out of `keyASalias`, wherever it occurs, then looks for AS.
  if (!`${as.text}${value}`.replaceAll(key, "").toLowerCase().startsWith("as")) {
    const message = `other parsers look for the tag '${key}' in this AS, too, and refuse it`;
    reader.refuse(first, message, `Write ${as.text === "AS" ? "as" : "AS"}, or use another name.`);
  }
  return { key, value, type: "ALIAS" };
}

/**
 * One word, or a run of dots and words with more than letters: of `a-b`, `.a-b` and `a-b.c-d` all,
 * of `a.b` the `a`. With `many`, of words with letters only a run, too. WITHTARGET reads like that.
 */
export function readDotted(reader: TokenReader, fields: "one" | "many", what: string): string {
  const first = reader.peek();
  if (fields === "one" && first.kind === "field") {
    return readWord(reader, ["field"], what).text;
  }
  if (!isWord(first, ".") && first.kind !== "field" && !isTopicName(first.kind)) {
    return reader.expectKind(["field", ...topicName], what).text;
  }
  const texts: string[] = [];
  let glued: Token | undefined;
  let word: "field" | "name" | undefined = fields === "one" ? "name" : undefined;
  for (let next = reader.peek(); ; next = reader.peek()) {
    const kind = isTopicName(next.kind) ? "name" : next.kind;
    const isDot = isWord(next, ".");
    if (!isDot && ((kind !== "field" && kind !== "name") || (word ?? kind) !== kind)) break;
    if (!isDot) word = kind as "field" | "name";
    if (texts.length > 0 && !reader.touches()) glued ??= next;
    texts.push(reader.take().text);
  }
  const text = texts.join("");
  if (glued !== undefined) {
    const message = `'${glued.text}' is glued to what is before it: other parsers read '${text}'`;
    reader.note(glued.at, message, "Remove it, or write a keyword in one case.");
  } else noteCut(reader, first, `${what} is cut after '${text}'`);
  return text;
}

function readValue(reader: TokenReader, what: string): string {
  if (reader.peek().kind === "int") return readWord(reader, ["int"], what).text;
  return readDotted(reader, "one", what);
}

function isTopicName(kind: string): boolean {
  return kind === "name" || kind === "quoted";
}
