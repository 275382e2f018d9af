/** The columns of SELECT and the paths of PK: `a.b`, `a.*`, `*`, with an alias in SELECT. */
import { isMiscasedKeyword } from "./keywords.ts";
import type { Token } from "./lexer.ts";
import type { Column, Path } from "./statement.ts";
import { nameOf, type TokenReader } from "./token-reader.ts";

/** More columns than any record of ours has fields. */
const maxColumns = 1_000;

export function parseColumns(reader: TokenReader): readonly Column[] {
  const columns: Column[] = [];
  const topLevel = new Set<string>();
  do {
    const first = reader.peek();
    const column = parseColumn(reader);
    if (columns.length === maxColumns) reader.refuse(first, `more than ${maxColumns} columns`);
    if (column.path.length === 1) {
      if (topLevel.has(column.path[0]!)) {
        reader.refuse(first, `column '${column.path[0]}' is selected twice`, "Name it once.");
      }
      topLevel.add(column.path[0]!);
    }
    columns.push(column);
  } while (reader.accept(","));
  const next = reader.peek();
  if (next.kind === "field" || next.kind === "name" || next.kind === "quoted") {
    const suggestion = isMiscasedKeyword(next.text)
      ? `Write ${next.text.toUpperCase()}.`
      : "Separate columns by commas; rename with AS.";
    reader.refuse(next, `${nameOf(next)} cannot follow a column`, suggestion);
  }
  return columns;
}

export function parsePrimaryKey(reader: TokenReader): readonly Path[] {
  const paths: Path[] = [];
  do {
    const first = reader.peek();
    const path = parsePath(reader);
    if (path.at(-1) === "*") reader.refuse(first, "'*' is no primary key", "Name the fields.");
    if (paths.some((other) => other.join(".") === path.join("."))) {
      reader.refuse(first, `'${path.join(".")}' is named twice in PK`, "Name it once.");
    }
    paths.push(path);
  } while (reader.accept(","));
  return paths;
}

function parseColumn(reader: TokenReader): Column {
  const path = parsePath(reader);
  const last = path.at(-1)!;
  const as = reader.peek();
  if (!reader.accept("AS")) return { path, alias: last };
  if (last === "*") {
    const message = "'*' stands for many fields, which keep their names";
    return reader.refuse(as, message, "Remove AS.");
  }
  const alias = reader.expectKind(["field"], "an alias of letters, digits and '_'");
  return { path, alias: alias.text };
}

function parsePath(reader: TokenReader): Path {
  const first = reader.peek();
  if (reader.accept("*")) return ["*"];
  const path = [parsePart(reader)];
  while (reader.accept(".")) {
    if (reader.accept("*")) {
      path.push("*");
      break;
    }
    path.push(parsePart(reader));
  }
  refuseMetadata(reader, first, path);
  return path;
}

function parsePart(reader: TokenReader): string {
  return reader.expectKind(["field"], "a field name", partHint(reader.peek())).text;
}

function partHint(token: Token): string | undefined {
  const { kind, text } = token;
  if (kind === "keyword") return `'${text}' is a keyword; KCQL cannot name a field like that.`;
  if (kind === "quoted")
    return "Backticks do not work in columns and PK; use letters, digits and '_'.";
  if (kind === "name" || kind === "int")
    return "Field names are letters, digits and '_', not digits alone.";
  if (kind === "junk") return "Put blanks around '*' and between words.";
  if (kind === "dropped") return "Other KCQL parsers drop this character silently: remove it.";
  return undefined;
}

/** `_.topic` and its like, `_key.x`, `_header.x`: not fields of the value, and not yet supported. */
function refuseMetadata(reader: TokenReader, first: Token, path: Path): void {
  const [head] = path;
  if (head !== "_" && head !== "_key" && head !== "_header") return;
  const message = `'${path.join(".")}' names metadata, not a field of the value`;
  reader.refuse(first, message, "Select fields of the value only.");
}
