/**
 * KCQL in strict mode, the subset `INSERT|UPSERT INTO target SELECT columns FROM topic [AUTOCREATE] [PK …]
 * [WITHINDEXSUFFIX=…] [TTL=n]`, several statements separated by `;`. What it accepts means the same to the
 * genuine parser (2.8.7); what that one would swallow silently (tails that it never reads, names glued
 * together or cut, clauses out of order) is refused here, with the position and what to write instead.
 */
import { parseClauses } from "./clauses.ts";
import { parseColumns } from "./columns.ts";
import { tokenize } from "./lexer.ts";
import { parseName } from "./names.ts";
import type { KcqlFault, Statement } from "./statement.ts";
import { KcqlError, readTokens, type TokenReader } from "./token-reader.ts";

export type Parsed =
  | { readonly ok: true; readonly statements: readonly Statement[] }
  | { readonly ok: false; readonly fault: KcqlFault };

/** Longer texts are no statements that a person wrote. */
const maxLength = 64 * 1024;

/** At least one statement, or why not: the first fault, in text order. */
export function parseKcql(text: string): Parsed {
  const reader = readTokens(text, text.length > maxLength ? [] : tokenize(text));
  if (text.length > maxLength) {
    const message = `the text has ${text.length} characters; ${maxLength} are allowed`;
    return { ok: false, fault: { message, suggestion: undefined, offset: 0, line: 1, column: 1 } };
  }
  try {
    return { ok: true, statements: parseStatements(reader) };
  } catch (error) {
    if (error instanceof KcqlError) return { ok: false, fault: error.fault };
    throw error;
  }
}

/** One line for a log or a config error: where, what, and what instead. */
export function describeFault(fault: KcqlFault): string {
  const where = `line ${fault.line}, column ${fault.column}`;
  return `${where}: ${fault.message}${fault.suggestion === undefined ? "" : `. ${fault.suggestion}`}`;
}

function parseStatements(reader: TokenReader): readonly Statement[] {
  const statements = [parseStatement(reader)];
  while (reader.accept(";")) {
    if (reader.peek().kind === "end") break;
    statements.push(parseStatement(reader));
  }
  return statements;
}

function parseStatement(reader: TokenReader): Statement {
  const mode = parseMode(reader);
  reader.expect("INTO");
  const target = parseName(reader, "target");
  reader.expect("SELECT");
  const columns = parseColumns(reader);
  reader.expect("FROM");
  const topic = parseName(reader, "topic");
  return { mode, target, topic, columns, ...parseClauses(reader) };
}

function parseMode(reader: TokenReader): Statement["mode"] {
  if (reader.accept("INSERT")) return "INSERT";
  if (reader.accept("UPSERT")) return "UPSERT";
  const token = reader.peek();
  if (token.text.startsWith("--") || token.text.startsWith("/*")) {
    return reader.refuse(token, "KCQL has no comments", "Remove the comment.");
  }
  const word = token.text.toUpperCase();
  if (word === "INSERT" || word === "UPSERT") {
    return reader.refuse(
      token,
      `'${token.text}' is no keyword`,
      `Write ${word} or ${word.toLowerCase()}.`,
    );
  }
  return reader.refuse(
    token,
    "a statement begins with INSERT or UPSERT",
    "INSERT INTO … SELECT … FROM …",
  );
}
