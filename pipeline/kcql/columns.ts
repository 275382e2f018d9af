/**
 * Lists of columns: those of SELECT and IGNORE, which may be `*` and have an alias, and those of PK
 * and PARTITIONBY, which may not. A column is `a`, `a.b` or `a.*`; below `_` it is what Kafka says
 * of the record, or its key.
 */
import { type ColumnText, fieldOf } from "./column-field.ts";
import type { Draft, GenuineField } from "./genuine-statement.ts";
import { isMiscasedKeyword } from "./keywords.ts";
import type { Token } from "./lexer.ts";
import { nameOf, type TokenReader } from "./token-reader.ts";

export function readSelect(reader: TokenReader, draft: Draft): void {
  const add = fieldAdder(reader, draft);
  readList(reader, () => readAliased(reader, add));
  const next = reader.peek();
  if (next.kind === "field" || next.kind === "name" || next.kind === "quoted") {
    const suggestion = isMiscasedKeyword(next.text)
      ? `Write ${next.text.toUpperCase()}.`
      : "Separate columns by commas; rename with AS.";
    reader.refuse(next, `${nameOf(next)} cannot follow a column`, suggestion);
  }
}

export function readIgnore(reader: TokenReader, draft: Draft): void {
  const ignored: GenuineField[] = [];
  const addToColumns = fieldAdder(reader, draft);
  readList(reader, () =>
    readAliased(reader, (field, token, as) => {
      if (isAll(field)) {
        const message = "IGNORE * leaves nothing out: it adds '*' to the columns of SELECT";
        reader.note(token.at, message, "Name the fields to leave out.");
        addToColumns(field, token, as);
        return;
      }
      if (as !== undefined) {
        reader.note(as.at, "what is left out has no use for an alias", "Remove AS.");
      }
      ignored.push(field);
    }),
  );
  draft.ignoredFields = ignored;
}

/** At least one, separated by commas. */
export function readList(reader: TokenReader, readOne: () => void): void {
  do readOne();
  while (reader.accept(",") !== undefined);
}

export function readColumn(reader: TokenReader): ColumnText {
  const first = reader.peek();
  const names = [readPart(reader)];
  while (reader.accept(".") !== undefined) {
    if (reader.accept("*") !== undefined) {
      names.push("*");
      break;
    }
    names.push(readPart(reader));
  }
  return { first, names };
}

type Add = (field: GenuineField, first: Token, as: Token | undefined) => void;

/**
 * A name at the top may be selected once, whatever its alias; names below others as often as one
 * likes.
 */
function fieldAdder(reader: TokenReader, draft: Draft): Add {
  const fields = [...draft.fields];
  draft.fields = fields;
  const identity = ({ fieldType, name }: GenuineField): string => `${fieldType} ${name}`;
  const atTop = fields.filter(({ parentFields }) => parentFields === null).map(identity);
  const topLevel = new Set(atTop);
  return (field, first) => {
    if (field.parentFields === null) {
      if (topLevel.has(identity(field))) {
        reader.refuse(first, `column '${field.name}' is selected twice`, "Name it once.");
      }
      topLevel.add(identity(field));
    }
    fields.push(field);
  };
}

function readAliased(reader: TokenReader, add: Add): void {
  const star = reader.accept("*");
  if (star !== undefined) {
    add({ name: "*", alias: "*", parentFields: null, fieldType: "VALUE" }, star, undefined);
    const next = reader.peek();
    if (next.kind === "keyword" && next.text.toUpperCase() === "AS") noteStarAlias(reader, next);
    return;
  }
  const column = readColumn(reader);
  const as = reader.accept("AS");
  if (as === undefined) {
    add(fieldOf(reader, column), column.first, undefined);
    return;
  }
  const alias = reader.expectKind(["field"], "an alias of letters, digits and '_'").text;
  if (column.names.at(-1) === "*") noteStarAlias(reader, as);
  add(fieldOf(reader, column, alias), column.first, as);
}

function noteStarAlias(reader: TokenReader, as: Token): void {
  reader.note(as.at, "'*' stands for many fields, which keep their names", "Remove AS.");
}

function isAll({ name, parentFields, fieldType }: GenuineField): boolean {
  return name === "*" && parentFields === null && fieldType === "VALUE";
}

function readPart(reader: TokenReader): string {
  return reader.expectKind(["field"], "a field name", partHint(reader.peek())).text;
}

function partHint({ kind, text }: Token): string | undefined {
  if (kind === "keyword") return `'${text}' is a keyword; KCQL cannot name a field like that.`;
  if (kind === "quoted")
    return "Backticks do not work in columns and PK; use letters, digits and '_'.";
  if (kind === "name" || kind === "int")
    return "Field names are letters, digits and '_', not digits alone.";
  if (kind === "junk") return "Put blanks around '*' and between words.";
  return undefined;
}
